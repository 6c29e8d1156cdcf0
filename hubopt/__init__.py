"""hubopt: where freight centres should stand around Zhengzhou, and which way every product goes."""

__version__ = "0.1.0"
