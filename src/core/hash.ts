/** Content hashes: the names that judgments use for candidates and sets. Pure. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Candidate, CandidateScores, CandidateSet, Signature } from './candidate.ts';
import { canonicalJson } from './canonicalJson.ts';

/** SHA-256 of bytes, or of the UTF-8 form of a text: 64 hex digits. */
export function sha256Hex(content: string | Uint8Array): string {
  return bytesToHex(sha256(typeof content === 'string' ? utf8ToBytes(content) : content));
}

const encoder = new TextEncoder();
const fresh = sha256.create();
const working = sha256.create();
const utf8 = new Uint8Array(4096);
const digest = new Uint8Array(32);
const hex = Array.from({ length: 65536 }, (_, pair) => pair.toString(16).padStart(4, '0'));

function hexPair(index: number): string {
  return hex[((digest[index] ?? 0) << 8) | (digest[index + 1] ?? 0)] ?? '';
}

/**
 * The first 16 hex digits of a text's SHA-256. For the many short texts of a large file: what it works in is made once.
 */
export function shortHash(text: string): string {
  if (text.length * 3 > utf8.length) return sha256Hex(text).slice(0, 16);
  const { written } = encoder.encodeInto(text, utf8);
  fresh._cloneInto(working).update(utf8.subarray(0, written)).digestInto(digest);
  return `${hexPair(0)}${hexPair(2)}${hexPair(4)}${hexPair(6)}`;
}

/** Name of a candidate within its set: the first 16 hex digits of the hash of its exact text. */
export function candidateHash(text: string): string {
  return shortHash(text);
}

/**
 * Name of a candidate set: the first 32 hex digits of the hash of `setText`. Sets that differ in nothing that is kept
 * have one name, on every clone.
 */
export function setHash(set: CandidateSet): string {
  return setTextHash(setText(set));
}

/** The same for a set that is already written out; a line end after it does not count. */
export function setTextHash(text: string): string {
  return sha256Hex(text.replace(/\r?\n$/u, '')).slice(0, 32);
}

/** The one text of a set: canonical JSON with rounded numbers. */
export function setText(set: CandidateSet): string {
  return canonicalJson(canonicalSet(set));
}

/**
 * The set with numbers rounded as they are stored: scores to 6 decimals, log-probabilities to 4. Sums taken in another
 * order on another machine differ in the last bits, and these are not worth another name. Idempotent.
 */
export function canonicalSet(set: CandidateSet): CandidateSet {
  return { ...set, candidates: set.candidates.map(canonicalCandidate) };
}

/** Names the way a set was made, so that sets made alike can be found: 16 hex digits. */
export function signatureHash(signature: Signature): string {
  return sha256Hex(canonicalJson(signature)).slice(0, 16);
}

function canonicalCandidate(candidate: Candidate): Candidate {
  const { logProb, scores, ...rest } = candidate;
  const rounded = { ...rest, scores: canonicalScores(scores) };
  return logProb === undefined ? rounded : { ...rounded, logProb: round(logProb, 4) };
}

/** Every number that a person may have seen is kept. */
function canonicalScores({ omittedWords, ...shares }: CandidateScores): CandidateScores {
  const rounded = Object.fromEntries(Object.entries(shares).map(([name, score]) => [name, round(score, 6)]));
  return omittedWords === undefined ? rounded : { ...rounded, omittedWords };
}

function round(value: number, decimals: number): number {
  const rounded = Number(value.toFixed(decimals));
  return rounded === 0 ? 0 : rounded;
}
