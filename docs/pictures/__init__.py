"""The pictures of what people see in a chat; ``make.py`` draws them."""
