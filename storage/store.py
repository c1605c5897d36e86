"""The store: everything Paperround remembers, in narrow parts."""

from storage.amendments import AmendmentStore
from storage.deliveries import DeliveryStore
from storage.editions import EditionStore
from storage.engine import Database
from storage.papers import PaperStore
from storage.search import SearchStore
from storage.subscriptions import SubscriptionStore
from storage.usage import UsageStore


class Store:
    """One database's parts. Every method of each is one transaction, or several repeatable ones."""

    def __init__(self, database: Database) -> None:
        self.papers = PaperStore(database)
        self.editions = EditionStore(database)
        self.subscriptions = SubscriptionStore(database)
        self.deliveries = DeliveryStore(database)
        self.amendments = AmendmentStore(database)
        self.usage = UsageStore(database)
        self.search = SearchStore(database)
