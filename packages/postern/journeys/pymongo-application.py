# An application on PyMongo, as a journey sees it: it finds the whole set from what URI names, writes and reads, keeps
# writing while its caller lets the primary step down, and tells what it saw in lines of JSON on standard output.
# In:  URI, MONGO_USER, MONGO_PASSWORD and COMPRESSORS in the environment; a line on standard input for each step-down.
# Out: {"event": "discovered", ...}, then {"event": "writing", ...} before and after each line, then {"event": "done", ...}.

import json
import os
import sys
import threading
import time

import bson
import pymongo
from pymongo import monitoring


class Seen(monitoring.ServerListener):
    """Every address that any answer to hello named."""

    def __init__(self):
        self.hosts = set()

    def opened(self, event):
        pass

    def closed(self, event):
        pass

    def description_changed(self, event):
        told = event.new_description
        self.hosts.update(told.all_hosts)
        self.hosts.update(host for host in (told.me, told.primary) if host is not None)

    def names(self):
        return sorted(host if isinstance(host, str) else "%s:%s" % host for host in self.hosts)


def tell(event, **facts):
    print(json.dumps({"event": event, **facts}), flush=True)


def wait_for(what, holds, seconds=30):
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise SystemExit("%s did not happen within %s s" % (what, seconds))
        time.sleep(0.02)


def main():
    seen = Seen()
    compressors = os.environ.get("COMPRESSORS", "")
    client = pymongo.MongoClient(
        os.environ["URI"],
        username=os.environ["MONGO_USER"],
        password=os.environ["MONGO_PASSWORD"],
        event_listeners=[seen],
        **({"compressors": compressors} if compressors else {}),
    )
    documents = client.journeys["pymongo-%s" % bson.ObjectId()]
    documents.insert_one({"from": "pymongo", "filler": "compresses well " * 200})
    wait_for("the whole set being known", lambda: len(client.nodes) == 3 and client.primary is not None)
    # PyMongo hands events on by a thread that looks once a second.
    wait_for("the events of discovery", lambda: len(seen.hosts) >= 3)
    asked = [name for name in compressors.split(",") if name]
    hello = client.admin.command({"hello": 1, "compression": asked} if asked else {"hello": 1})
    tell(
        "discovered",
        version=pymongo.version,
        names=seen.names(),
        nodes=sorted("%s:%s" % node for node in client.nodes),
        hello={field: hello.get(field) for field in ("hosts", "me", "primary")},
        compression=hello.get("compression", []),
        found=documents.find_one({"from": "pymongo"}, {"_id": 0})["filler"][:15],
    )

    acknowledged, errors, writing = [], [], threading.Event()
    writing.set()

    def write(offset):
        key = offset
        while writing.is_set():
            try:
                documents.insert_one({"_id": key})
                acknowledged.append(key)
            except pymongo.errors.PyMongoError as error:
                errors.append(repr(error))
            key += 4

    writers = [threading.Thread(target=write, args=(offset,)) for offset in range(4)]
    for writer in writers:
        writer.start()
    try:
        for _ in sys.stdin:
            target = len(acknowledged) + 100
            wait_for("100 more writes", lambda: len(acknowledged) >= target)
            tell("writing", acknowledged=len(acknowledged))
    finally:
        writing.clear()
        for writer in writers:
            writer.join()
    found = {document["_id"] for document in documents.find({"_id": {"$type": "number"}})}
    client.close()
    tell(
        "done",
        acknowledged=len(acknowledged),
        errors=errors,
        lost=sorted(set(acknowledged) - found),
        names=seen.names(),
    )


main()
