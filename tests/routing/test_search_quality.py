"""How well searches find: other forms of the words, misread scans, slips of the fingers, beginnings."""

from services.chassis.mongo import connect, ensure_indexes
from services.routing.settings import RoutingSettings
from services.routing.store.search import MongoSearch
from tests.conftest import SettingsFor
from tests.load.search_quality import measured


async def test_far_more_is_found_than_by_the_very_words(settings_for: SettingsFor) -> None:
    given = settings_for(RoutingSettings, "routing")
    database = connect(given.mongo_url.get_secret_value(), given.mongo_database)
    await ensure_indexes(database, MongoSearch.INDEXES)
    figures = await measured(MongoSearch(database), count=600, asked=60)
    database.client.close()
    for kind, (very_words, search) in figures.items():
        assert search.recall / search.questions >= 0.88, kind
        assert search.precision / search.questions >= 0.8, kind
        assert search.recall > 2 * very_words.recall, kind
