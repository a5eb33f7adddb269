/** Typed builders of what the host sends to the review view. */
import type { Candidate } from '../../src/core/candidate.ts';
import type { CandidateView, ReviewSnapshot, SegmentView } from '../../src/protocol/review.ts';

export function aCandidate(text: string, change: Partial<Candidate> = {}): Candidate {
  return {
    text,
    count: 1,
    logProb: -12.5,
    tokens: 9,
    origin: 'starter-en-ja',
    scores: { mbr: 0.5, sourceCoverage: 1, targetCoverage: 1 },
    ...change,
  };
}

export interface CandidateChange extends Partial<Omit<CandidateView, 'candidate'>> {
  readonly candidate?: Partial<Candidate>;
}

/** A candidate whose hash is `hash`, so that tests can name it. */
export function aCandidateView(hash: string, text: string, { candidate, ...change }: CandidateChange = {}): CandidateView {
  return { hash, candidate: aCandidate(text, candidate ?? {}), rejected: false, ...change };
}

export function aSegment(number: number, source: string, change: Partial<SegmentView> = {}): SegmentView {
  return {
    id: `segment-${String(number)}`,
    number,
    source,
    state: 'ready',
    review: 'unreviewed',
    omission: false,
    comments: [],
    findings: [],
    dismissed: [],
    candidates: [],
    ...change,
  };
}

export function aSnapshot(segments: readonly SegmentView[], change: Partial<ReviewSnapshot> = {}): ReviewSnapshot {
  return {
    source: 'file:///ws/letter.en.md',
    title: 'letter.en.md',
    sourceLanguage: { tag: 'en', name: 'English', dir: 'ltr' },
    targetLanguage: { tag: 'ja', name: 'Japanese', dir: 'ltr' },
    signature: 'starter-en-ja · chrF · N=16 · statistical',
    blind: false,
    progress: { phase: 'done', done: segments.length, total: segments.length },
    segments,
    strings: {},
    keys: {},
    ...change,
  };
}

function scored(mbr: number, sourceCoverage: number, targetCoverage: number, count: number): Partial<Candidate> {
  return { count, scores: { mbr, sourceCoverage, targetCoverage, hybrid: (mbr - 0.5) * 4 } };
}

/** The letter of the samples, as far as the tests of the view need it. */
export function letterSegments(): readonly SegmentView[] {
  return [
    aSegment(1, 'Dear Naomi,', {
      review: 'accepted', accepted: 'ナオミさんへ', acceptedCandidate: 'naomi-1',
      candidates: [aCandidateView('naomi-1', 'ナオミさんへ', { candidate: scored(0.81, 1, 1, 11) })],
    }),
    aSegment(2, 'Thank you for the book that you sent me last week.', {
      review: 'edited', accepted: '先週は本を送ってくれてありがとう。',
      candidates: [aCandidateView('book-1', '先週送ってくれた本をありがとう。', { candidate: scored(0.62, 0.9, 1, 4) })],
    }),
    aSegment(3, 'It is raining cats and dogs.', {
      omission: true,
      candidates: [
        aCandidateView('rain-1', '土砂降りだ。', { candidate: scored(0.71, 0.5, 1, 7), idiom: 'idiomatic' }),
        aCandidateView('rain-2', '雨が激しく降っている。', { candidate: scored(0.66, 0.83, 1, 3) }),
        aCandidateView('rain-3', '犬と猫が降っています。', { candidate: scored(0.31, 1, 0.8, 1), idiom: 'literal', rejected: true }),
        aCandidateView('rain-4', 'ひどい雨が降っているので、今日はずっと家の中にいて、あなたが送ってくれた本を読みながら静かに過ごすつもりでいます。', {
          candidate: { ...scored(0.22, 1, 0.4, 1) },
        }),
        aCandidateView('rain-5', '雨が<b>降る</b>', {
          candidate: { ...scored(0.12, 0.6, 0.6, 1), issues: [{ kind: 'placeholderExtra', detail: '<b>' }] },
        }),
      ],
    }),
    aSegment(4, 'I have to get up at six tomorrow, so I will write again on Sunday.', {
      candidates: [
        aCandidateView('six-1', '明日は六時に起きなければならないので、日曜日にまた書きます。', { candidate: scored(0.58, 0.94, 1, 2) }),
        aCandidateView('six-2', '明日6時に起きないといけないから、日曜日にまた書くね。', { candidate: scored(0.55, 0.94, 0.9, 2) }),
        aCandidateView('six-3', '明日は六時に起きなければならない。', { candidate: scored(0.47, 0.56, 1, 5) }),
      ],
    }),
    aSegment(5, 'Please give {name} my best wishes.', {
      state: 'failed', error: { message: 'The engine stopped while it was translating this segment.', action: 'Press Resume to start it again.' },
    }),
    aSegment(6, 'When did you get back from Kyoto?', { state: 'waiting' }),
    aSegment(7, 'See you soon!', {
      review: 'accepted', accepted: 'では、また。', acceptedCandidate: 'soon-1',
      difference: { accepted: 'では、また。', inDocument: 'では、また近いうちに！' },
      candidates: [
        aCandidateView('soon-1', 'では、また。', { candidate: scored(0.52, 1, 1, 5) }),
        aCandidateView('soon-2', 'またね！', { candidate: scored(0.44, 1, 1, 3) }),
      ],
    }),
  ];
}
