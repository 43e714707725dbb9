"""The usual ways to match two catalogues, measured on a folder that the bench measures too.

    compare.py token_set|tfidf FOLDER

FOLDER holds left.csv, right.csv and gold.csv. Rows with the same SKU come first in both ways; the
rest is ordered by rapidfuzz's token_set_ratio over all pairs, or by TF-IDF over pieces of three
letters with sparse_dot_topn. Prints one line: share of listings whose answer is the first and in
the first five, best F1 over all thresholds with its precision and recall, processor seconds,
peak of memory in kB, and how many listings were looked at. One thread.
"""

import csv
import os
import resource
import sys
import time

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

FIRST = 5
# Pairs that token_set looks at: of a larger set a sample of listings, and its time in proportion.
PAIRS_MAX = 10_000_000


def read(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def said(row):
    """What a row says, as one text."""
    values = [part.partition(": ")[2] for part in row.get("attributes", "").split("; ")]
    texts = [row["name"], *values, row.get("brand", ""), row.get("model", "")]
    return " ".join(text for text in texts if text).lower()


def token_set():
    """Finds for each text of the left the best of the right, with scores from 0 to 1."""
    from rapidfuzz import fuzz, process

    def search(left, right):
        for text in left:
            found = process.extract(text, right, scorer=fuzz.token_set_ratio, limit=FIRST)
            yield [(place, score / 100) for _, score, place in found]

    return search


def tfidf():
    """As token_set."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sparse_dot_topn import sp_matmul_topn

    def search(left, right):
        pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3)).fit(left + right)
        one, two = pieces.transform(left), pieces.transform(right)
        found = sp_matmul_topn(one, two.T.tocsr(), top_n=FIRST, sort=True, n_threads=1).tocsr()
        for row in range(found.shape[0]):
            cells = slice(found.indptr[row], found.indptr[row + 1])
            yield list(zip(found.indices[cells].tolist(), found.data[cells].tolist()))

    return search


def best(scored, gold):
    """The best F1 over all thresholds, with its precision and recall."""
    scored.sort(key=lambda pair: -pair[0])
    right, found = 0, (0.0, 0.0, 0.0)
    for place, (score, is_right) in enumerate(scored, 1):
        right += is_right
        last = place == len(scored) or scored[place][0] < score
        f1 = 2 * right / (place + gold) if gold else 0.0
        if last and f1 > found[0]:
            found = (f1, right / place, right / gold)
    return found


def main():
    way, folder = sys.argv[1:]
    search = token_set() if way == "token_set" else tfidf()
    start = time.process_time()
    left, right = read(folder, "left.csv"), read(folder, "right.csv")
    gold = {}
    for row in read(folder, "gold.csv"):
        gold.setdefault(row["left_id"], set()).add(row["right_id"])
    left = [row for row in left if row.get("type") != "variable"]
    step = 1
    if way == "token_set":
        step = max(1, -(-len(left) * len(right) // PAIRS_MAX))
    read_in = time.process_time()
    left = left[::step]
    by_sku = {}
    for place, row in enumerate(right):
        if row.get("sku"):
            by_sku.setdefault(row["sku"].strip().lower(), []).append(place)
    matched = search([said(row) for row in left], [said(row) for row in right])
    first = five = with_gold = 0
    scored = []
    for row, found in zip(left, matched):
        same = by_sku.get(row.get("sku", "").strip().lower(), [])
        ranked = [(place, 2.0) for place in same]
        ranked += [pair for pair in found if pair[0] not in same]
        wanted = gold.get(row["id"], set())
        is_right = [right[place]["id"] in wanted for place, _ in ranked[:FIRST]]
        with_gold += bool(wanted)
        first += any(is_right[:1])
        five += any(is_right)
        if ranked:
            scored.append((ranked[0][1], is_right[0]))
    seconds = read_in - start + (time.process_time() - read_in) * step
    pairs = sum(len(gold.get(row["id"], ())) for row in left)
    f1, precision, recall = best(scored, pairs)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    top = (first / max(with_gold, 1), five / max(with_gold, 1))
    print(*(f"{share:.4f}" for share in (*top, f1, precision, recall)), end=" ")
    print(f"{seconds:.2f} {peak} {len(left)}")


main()
