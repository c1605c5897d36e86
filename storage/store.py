"""The store: everything Paperround remembers, in four narrow parts."""

from storage.deliveries import DeliveryStore
from storage.editions import EditionStore
from storage.engine import Database
from storage.papers import PaperStore
from storage.subscriptions import SubscriptionStore


class Store:
    """One database's parts. Every method of each is one transaction, or several repeatable ones."""

    def __init__(self, database: Database) -> None:
        self.papers = PaperStore(database)
        self.editions = EditionStore(database)
        self.subscriptions = SubscriptionStore(database)
        self.deliveries = DeliveryStore(database)
