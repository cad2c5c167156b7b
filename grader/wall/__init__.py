"""The trusted end of the wall around submissions: starts processes behind it, asks them, ends them."""
