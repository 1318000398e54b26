import pytest
from flask import Flask

from app.core.icons import FOLDER, Sprite, icon, icon_sprite, symbol


def test_an_icon_used_twice_is_drawn_once():
    sprite = Sprite()
    assert str(sprite.use("send")) == str(sprite.use("send"))
    sprite.use("lock")
    assert sprite.draw().count('<symbol id="i-send"') == 1
    assert sprite.draw().index("i-send") < sprite.draw().index("i-lock")


def test_a_page_without_icons_carries_no_sprite():
    assert Sprite().draw() == ""


def test_an_icon_is_silent_unless_it_has_a_label():
    assert 'aria-hidden="true"' in Sprite().use("send")
    spoken = Sprite().use("send", '"Kirim" & tutup')
    assert 'role="img" aria-label="&#34;Kirim&#34; &amp; tutup"' in spoken
    assert "aria-hidden" not in spoken


def test_an_unknown_icon_is_our_mistake():
    with pytest.raises(LookupError, match="no icon named 'unicorn'"):
        Sprite().use("unicorn")


def test_each_page_collects_its_own_icons():
    with Flask("pages").app_context():
        icon("send")
        assert "i-send" in icon_sprite()
        icon("lock")
        assert "i-send" not in icon_sprite()


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.svg")))
def test_each_icon_can_be_drawn_in_the_colour_of_its_text(name):
    assert symbol(name).startswith(f'<symbol id="i-{name}" viewBox="0 0 16 16"><path')
    assert "fill=" not in symbol(name).replace('fill-rule="evenodd"', "")


def test_the_licence_of_the_icons_is_shipped():
    assert "MIT" in (FOLDER / "LICENSE").read_text()
