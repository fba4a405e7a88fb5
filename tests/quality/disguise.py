# SPDX-License-Identifier: GPL-3.0-or-later
"""Insults that are caught plain, disguised by kind, to see what is still caught.

The guilty word of a comment is the one without which nothing is flagged, and which is an insult by itself: every
word of what an insult's rule recognised is tried, with another in its place and as « espèce de … ». DISGUISES maps a kind to a function of that word; None where a kind
has nothing to do to it.
"""
import re, unicodedata

INSULTS = {'injure_publique', 'injure_discriminatoire', 'outrage', 'vulgarite'}
WORD = re.compile(r"[^\W\d_]{4,}")
HARMLESS = 'truc'
LONG = 7  # a word that is read with a letter wrong has as many

LEET = str.maketrans('aeiost', '431057')
SIGNS = str.maketrans('aseiAS', '@$€!@$')
CYRILLIC = str.maketrans('aceopxyAEOCTMHKB', 'асеорхуАЕОСТМНКВ')
GREEK = str.maketrans('aeiouvptknEATOKM', 'αειουνρτκηΕΑΤΟΚΜ')
ODD = str.maketrans('aeionuAEIONU', 'åëïøñüÅËÏØÑÜ')
NO_SIGN = {'œ': 'oe', 'æ': 'ae'}
SOUNDS = [('qu', 'k'), ('ph', 'f'), ('eau', 'o'), ('au', 'o'), ('ç', 's'), (r'c(?=[eiyéè])', 's'), ('c(?!h)', 'k'), ('ai', 'é'), ('ei', 'é'),
    (r'(?<=.)([bdfglmnprstk])\1', r'\1'), (r'(?<=\w\w\w)(?:es|s|t|d|x|e)$', ''), (r'er$', 'é'), (r'y', 'i')]


def bare(word):
    """The word without its accents."""
    for sign, letters in NO_SIGN.items():
        word = word.replace(sign, letters)
    return ''.join(c for c in unicodedata.normalize('NFD', word) if not unicodedata.combining(c))


def changed(word, new):
    return new if new != word else None


def translated(table):
    return lambda word: changed(bare(word), bare(word).translate(table))


def shifted(first_capital, first_small):
    return lambda word: ''.join(chr(first_capital + ord(c) - 65) if 'A' <= c <= 'Z' else
        chr(first_small + ord(c) - 97) if 'a' <= c <= 'z' else c for c in bare(word))


def at_vowel(make):
    """make(word, place) at the middlemost vowel inside."""
    def disguise(word):
        places = [i for i in range(1, len(word) - 1) if bare(word[i]).lower() in 'aeiouy']
        return make(word, min(places, key=lambda i: abs(i - len(word) // 2))) if places else None
    return disguise


def only_long(make):
    return lambda word: changed(word, make(word, len(word) // 2)) if len(word) >= LONG else None


def phonetic(word):
    new = word.lower()
    for pattern, sound in SOUNDS:
        new = re.sub(pattern, sound, new)
    return changed(word.lower(), new) if len(new) >= 4 else None


def inclusive(word):
    return word[:-1] + '·e·s' if word.endswith('s') else None if word.endswith('e') else word + '·e'


DISGUISES = {
    'leet': translated(LEET),
    'signs': translated(SIGNS),
    'star': at_vowel(lambda w, i: w[:i] + '*' + w[i + 1:]),
    'stars': lambda w: w[0] + '*' * (len(w) - 3) + w[-2:] if len(w) > 4 else w[0] + '**' + w[-1:],
    'spaced': lambda w: ' '.join(w),
    'dotted': lambda w: '.'.join(w),
    'hyphened': lambda w: '-'.join(w),
    'hyphen': lambda w: w[:len(w) // 2] + '-' + w[len(w) // 2:],
    'parted': lambda w: w[:3] + '_' + w[3:],
    'cut': lambda w: w[:len(w) // 2] + ' ' + w[len(w) // 2:],
    'stretched': at_vowel(lambda w, i: w[:i] + w[i] * 4 + w[i + 1:]),
    'cyrillic': translated(CYRILLIC),
    'greek': translated(GREEK),
    'fullwidth': shifted(0xff21, 0xff41),
    'mathematical': shifted(0x1d400, 0x1d41a),
    'zero_width': lambda w: '\u200b'.join(w),
    'doubled': only_long(lambda w, i: w[:i] + w[i] + w[i:]),
    'dropped': only_long(lambda w, i: w[:i] + w[i + 1:]),
    'swapped': only_long(lambda w, i: w[:i] + w[i + 1] + w[i] + w[i + 2:]),
    'phonetic': phonetic,
    'inclusive': inclusive,
    'odd_accents': translated(ODD),
    'capital_i': lambda w: changed(w, w.replace('l', 'I')),
    'small_l': lambda w: changed(w, w[0] + w[1:].replace('i', 'l')),
}


def words_of(text, verdict):
    """Places of the words that an insult's rule recognised, longest first."""
    raw, places = text.encode(), set()
    for match in verdict['matches']:
        if match['category'] in INSULTS:
            shift = len(raw[:match['start']].decode())
            span = raw[match['start']:match['end']].decode()
            places |= {(shift + m.start(), shift + m.end()) for m in WORD.finditer(span)}
    return sorted(places, key=lambda place: (place[0] - place[1], place))


def guilty(sets, verdicts, score):
    """Lists (text, start, end) of the comments whose one insult is one word. score: texts → verdicts."""
    probes, cases = [], {}
    for name, rows in sets.items():
        for row, verdict in zip(rows, verdicts[name]):
            if row.get('benign') == 0 and verdict['level'] != 'none':
                probes += [(row['text'], a, b) for a, b in words_of(row['text'], verdict)]
    without = score([text[:a] + HARMLESS + text[b:] for text, a, b in probes])
    alone = score([f'espèce de {text[a:b]}' for text, a, b in probes])
    for case, spared, insult in zip(probes, without, alone):
        if spared['level'] == 'none' and insult['level'] != 'none':
            cases.setdefault(case[0], case)
    return list(cases.values())


def disguised(cases):
    """Rows of a set like the others."""
    rows = []
    for kind, disguise in DISGUISES.items():
        for text, a, b in cases:
            word = disguise(text[a:b])
            if word:
                rows.append({'text': text[:a] + word + text[b:], 'benign': 0, 'meta': {'kind': kind}})
    return rows
