"""Work in processes of its own, told by pipes: there is no shared memory in Lambda for a Pool."""

from multiprocessing import Pipe, Pool, Process


def square(number):
    return number * number


def work(number, end):
    end.send(square(number))
    end.close()


def handler(event, context):
    running = []
    for number in event["numbers"]:
        mine, its = Pipe()
        process = Process(target=work, args=(number, its))
        process.start()
        running.append((process, mine))
    squares = [mine.recv() for _, mine in running]
    for process, _ in running:
        process.join()
    return squares


def pooled(event, context):
    with Pool(2) as pool:
        return pool.map(square, event["numbers"])
