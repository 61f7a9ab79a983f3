"""Several things at the same moment, each in a thread with a database connection of its own."""

import threading

from django.db import connections


def together(*jobs):
    """Run these functions at the same moment in threads of their own, and raise what they raised."""
    start, errors = threading.Barrier(len(jobs)), []

    def run(job):
        try:
            start.wait()
            job()
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
