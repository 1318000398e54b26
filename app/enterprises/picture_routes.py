"""The picture of a product for whoever keeps the listing, also while nobody else may see it yet."""

from flask import abort
from flask.typing import ResponseReturnValue

from app.accounts.answers import BIGGEST_ID
from app.enterprises.keeper import Keeper, kept
from app.enterprises.queries import product_of
from app.files.answers import PRIVATE, file_answer
from app.files.queries import file_by_token


@kept(f"/produk/<int(max={BIGGEST_ID}):product_id>/foto.webp")
def picture(keeper: Keeper, product_id: int) -> ResponseReturnValue:
    """At most 480 pixels a side. The holder of a link has no account by which the file itself could know them."""
    product = product_of(keeper.enterprise, product_id)
    stored = file_by_token(product.picture_token) if product and product.picture_token else None
    if stored is None:
        abort(404)
    return file_answer(stored, stored.small or stored.content, PRIVATE)
