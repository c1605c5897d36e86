"""What the emulated Discord makes of a message: its files, mentions and nonce."""

from tests.emulators.discord_caller import emulated


async def test_files_are_kept_and_shown_by_the_embed_that_names_them() -> None:
    async with emulated() as (server, call):
        path = f"/channels/{server.text.id}/messages"
        body = {
            "embeds": [{"image": {"url": "attachment://chart.png"}}],
            "attachments": [{"id": 0, "filename": "chart.png", "description": "a chart"}],
        }
        sent = await call("POST", path, body, {"chart.png": b"PNG", "other.txt": b"text"})
        assert [item["filename"] for item in sent.json["attachments"]] == ["other.txt"]
        message = server.messages(server.text)[0]
        assert {file.filename: file.content for file in message.files} == {
            "chart.png": b"PNG",
            "other.txt": b"text",
        }
        assert message.files[0].description == "a chart"
        shown = sent.json["embeds"][0]["image"]["url"]
        assert shown == message.files[0].url
        assert (await call("GET", shown)).status == 200
        edited = await call("PATCH", f"{path}/{message.id}", {"attachments": [], "content": "x"})
        assert edited.json["attachments"] == []


async def test_a_file_over_ten_mebibytes_and_an_eleventh_file_are_refused() -> None:
    async with emulated() as (server, call):
        path = f"/channels/{server.text.id}/messages"
        big = await call("POST", path, {"content": "x"}, {"a.bin": bytes(10 * 2**20 + 1)})
        assert (big.status, big.code) == (413, 40005)
        many = {f"{n}.txt": b"." for n in range(11)}
        assert (await call("POST", path, {}, many)).faults == ["attachments BASE_TYPE_MAX_LENGTH"]
        ten = {f"{n}.txt": b"." for n in range(10)}
        assert (await call("POST", path, {}, ten)).status == 200


async def test_bodies_that_are_no_json_objects_are_refused() -> None:
    async with emulated() as (server, call):
        path = f"/channels/{server.text.id}/messages"
        assert (await call("POST", path, [])).code == 50109
        assert (await call("POST", path)).faults == [" CONTENT_TYPE_INVALID"]


async def test_mentions_that_would_notify_are_noted() -> None:
    async with emulated() as (server, call):
        path = f"/channels/{server.text.id}/messages"
        text = f"@everyone <@{server.reader.id}>"
        await call("POST", path, {"content": text, "allowed_mentions": {"parse": []}})
        assert server.pings == []
        await call("POST", path, {"content": text, "allowed_mentions": {"parse": ["users"]}})
        assert [ping.mention for ping in server.pings] == [f"<@{server.reader.id}>"]
        server.pings.clear()
        await call("POST", path, {"content": text, "embeds": [{"description": "@here"}]})
        assert [(ping.mention, ping.where) for ping in server.pings] == [
            ("@everyone", "content"),
            (f"<@{server.reader.id}>", "content"),
            ("@here", "embeds"),
        ]


async def test_a_nonce_makes_one_message_of_two() -> None:
    async with emulated() as (server, call):
        path = f"/channels/{server.text.id}/messages"
        body = {"content": "x", "nonce": "n", "enforce_nonce": True}
        first = await call("POST", path, body)
        again = await call("POST", path, body | {"content": "y"})
        assert again.json["id"] == first.json["id"]
        assert again.json["content"] == "x"
        other = await call("POST", f"/channels/{server.news.id}/messages", body)
        assert other.json["id"] != first.json["id"]
        loose = await call("POST", path, {"content": "x", "nonce": "n"})
        assert loose.json["id"] != first.json["id"]
        await call("DELETE", f"{path}/{first.json['id']}")
        assert (await call("POST", path, body)).code == 10008
        server.clock.advance(301)
        assert (await call("POST", path, body)).status == 200


async def test_a_message_in_a_channel_is_never_private() -> None:
    async with emulated() as (server, call):
        body = {"content": "x", "flags": 64 | 4096}
        sent = await call("POST", f"/channels/{server.text.id}/messages", body)
        assert sent.json["flags"] == 4096
        assert len(server.messages(server.text.id)) == 1
