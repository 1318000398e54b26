"""The extension objects, created unbound; app.factory binds them."""

from contextlib import suppress

from flask_babel import Babel
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy.exc import SQLAlchemyError

from app.core.database import Base


class DecoratedLimiter(Limiter):
    """Limits stand on views alone (``@limiter.limit``), so other requests need not be asked whether they are limited."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


class Database(SQLAlchemy):
    """Ends each request's session, also with a server that went away meanwhile: the answer is made by then, and stands."""

    def _teardown_session(self, exc: BaseException | None) -> None:
        try:
            super()._teardown_session(exc)
        except SQLAlchemyError:
            with suppress(SQLAlchemyError):
                self.session().invalidate()  # else its connection is let go of whenever Python next clears up
            self.session.registry.clear()


db = Database(model_class=Base)
migrate = Migrate(render_as_batch=True)
login_manager = LoginManager()
csrf = CSRFProtect()
babel = Babel()
compress = Compress()
limiter = DecoratedLimiter(get_remote_address, storage_uri="memory://", strategy="moving-window")
