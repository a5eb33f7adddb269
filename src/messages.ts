/**
 * The one map from error code to what a person reads: what happened, to what, and what to do next (decisions.md 2).
 * Used by the extension and the command line; the texts go through `@vscode/l10n`.
 */
import { t } from '@vscode/l10n';
import type { AppError, ErrorCode, ErrorData } from './core/errors.ts';
import type { UnalignedReason } from './core/document/revision.ts';
import type { CatalogueKind } from './core/models/catalogue.ts';
import type { CheckId, Finding } from './core/quality/check.ts';
import { isolated } from './core/text/display.ts';

type Sentences = { readonly [C in ErrorCode]: (data: ErrorData[C]) => string };

const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(0);

const sentences: Sentences = {
  'candidate.broken': (d) => t('The candidate for "{0}" is broken ({1}) and cannot be accepted. Edit it to mend it.', d.segment, d.detail),
  'document.empty': (d) => t('{0} has no text to translate. Add text and translate again.', d.path),
  'document.binary': (d) => t('{0} is not a text file (byte {1} is NUL). Choose a text file.', d.path, d.offset),
  'document.encoding': (d) => (d.line === undefined || d.column === undefined
    ? t('{0} is not valid UTF-8 at byte {1}. It was left untouched: save it as UTF-8 and try again.', d.path, d.offset)
    : t('{0} is not valid UTF-8 at byte {1} (line {2}, column {3}). It was left untouched: save it as UTF-8 and try again.', d.path, d.offset, d.line, d.column)),
  'document.tooLarge': (d) => t('{0} has {1} MB; the limit is {2} MB. Split the file.', d.path, megabytes(d.bytes), megabytes(d.limit)),
  'document.noCodec': (d) => t('Interlinear does not know the format of {0}. It reads {1}.', d.path, d.known),
  'document.syntax': (d) => t('{0}:{1}:{2}: {3}. Mend the file there and try again.', d.path, d.line, d.column, d.reason),
  'document.cannotHold': (d) => t('{0} cannot hold {1}: it could not be opened again. Edit the translation and take that out.', d.path, d.characters),
  'document.noPlace': (d) => t('{0} has no entry beside "{1}", so its translation has no place there. Add the entry by hand and accept again.', d.path, d.key),
  'document.changed': (d) => t('{0} changed while it was being written. Nothing was written; try again.', d.path),
  'document.dirty': (d) => t('{0} has unsaved changes and cannot be edited in place without touching other bytes. Save it and accept again.', d.path),
  'document.notFound': (d) => t('{0} does not exist. Check the path.', d.path),
  'document.targetExists': (d) => t('{0} already has other content. Choose to merge by segment or to overwrite it.', d.path),
  'language.unknown': (d) => t('"{0}" is not a language tag that Interlinear knows. Use one of: {1}.', d.tag, d.known),
  'language.unsupported': (d) => t('{0} translates {3}, not {1} to {2}. Choose another backend or language.', d.model, d.source, d.target, d.supported),
  'store.unwritable': (d) => t('Cannot write {0} ({1}). Make the folder writable; nothing was lost and the act can be repeated.', d.path, d.reason),
  'store.diskFull': (d) => t('The disk is full: {0} could not be written. Free some space and repeat the act.', d.path),
  'store.corrupt': (d) => t('{0} line {1} could not be read. The line was set aside in {2}; all other records are in use.', d.path, d.line, d.quarantine),
  'store.altered': (d) => t('{0} was changed by hand ({1}). It is not used; get it back from version control.', d.path, d.reason),
  'store.recordsMissing': (d) => t('{3} judgments of {0} are missing (writer {1}, number {2}). Get the journal files back from version control or from the other computer.', d.reviewer, d.writer, d.missing, d.count),
  'backend.unreachable': (d) => t('No answer from {0} ({1}). Start the server or correct its URL in the settings.', d.url, d.reason),
  'backend.untrusted': (d) => t('{0} is not trusted: {1}. Mend its certificate, or add its authority to the certificates of this machine; on the command line NODE_EXTRA_CA_CERTS may name its file. Then start again.', d.url, d.reason),
  'backend.refused': (d) => t('{0} answered {1}: {2} (its log says more; finished segments are kept, resume to go on)', d.url, d.status, d.body),
  'backend.badReply': (d) => t('{0} answered something that is not the OpenAI protocol ({1}). Check that the URL is that of the API.', d.url, d.reason),
  'backend.modelMissing': (d) => t('{0} has no model "{1}". It offers: {2}.', d.url, d.model, d.known),
  'backend.unauthorized': (d) => t('{0} wants a key ({1}). Name the environment variable that holds it in the backend\'s settings.', d.url, d.status),
  'backend.stalled': (d) => t('{0} has sent nothing for {1} seconds. Check its log; finished segments are kept, resume to go on.', d.url, d.seconds),
  'backend.busy': (d) => t('{0} was too busy {1} times in a row. Finished segments are kept; resume later or use fewer candidates.', d.url, d.attempts),
  'backend.contextOverflow': (d) => t('Segment {1} does not fit into the context of {0} ({2}). Split the segment or start the server with a longer context.', d.url, d.segment, d.reason),
  'backend.cannot': (d) => t('{0} cannot {1}: that needs {2}.', d.url, d.what, d.needs),
  'backend.cannotSteer': (d) => t('{0} does not take {1}: its prompt is the source text alone. Ask for more candidates, or choose a backend with an instruction-tuned model.', d.model, d.what),
  'backend.notVisible': (d) => t('{0} cannot see {1}. Put it where the server can read it, or map the path in the settings.', d.url, d.path),
  'backend.startFailed': (d) => t('The server did not start ({0}): {1}', d.command, d.reason),
  'backend.notRunning': (d) => t('The server of "{0}" does not run. Start it with "Interlinear: Start Backend...".', d.name),
  'engine.crashed': (d) => t('The translation engine stopped ({0}). Finished segments are kept; resume to go on.', d.detail),
  'engine.unavailable': (d) => t('The embedded engine cannot run here ({0}). Ranking works without it; choose a server as backend to translate.', d.reason),
  'engine.modelMissing': (d) => t('{0} does not exist. Choose a folder that holds a model; for the embedded backend an empty setting "interlinear.modelFolder" means the starter model.', d.path),
  'engine.modelInvalid': (d) => t('{0} cannot be used as a model: {1}. Install or export it again.', d.path, d.reason),
  'engine.outOfMemory': (d) => t('There is not enough memory to run {0} tokens through the model. Close other programs or use a smaller model.', d.tokens),
  'engine.tooLarge': (d) => t('{0} needs {1} MB; models may take {2} MB of memory. Raise the setting "interlinear.engine.memoryLimit" or use a smaller model.', d.path, d.megabytes, d.limit),
  'engine.outOfContext': (d) => t('Segment {2} needs {0} tokens; the model reads at most {1}. Split the segment or use another backend.', d.tokens, d.limit, d.segment),
  'ranking.noModel': (d) => t('No model folder is chosen for ranking by {0}. Choose one with "Interlinear: Choose Ranking Model...".', d.utility.toUpperCase()),
  'model.unknown': (d) => t('"{0}" is no model that can be downloaded here. There are: {1}.', d.id, d.known),
  'model.xcomet': (d) => t('{0} does not run here: XCOMET has 3.5 or 10.7 billion parameters and is not for commercial use. To rank, use wmt22-comet-da (Apache-2.0); to estimate quality without a reference, wmt22-cometkiwi-da (not for commercial use).', d.name),
  'model.gated': (d) => d.token
    ? t('{0} is not given to this token. Accept its terms at {1} with the account that the token is of, then try again.', d.repository, d.page)
    : t('{0} is given to accounts only that accepted its terms. Accept them at {1}, make a token for reading there, and give that token.', d.repository, d.page),
  'model.refused': (d) => t('{0} answered {1}: {2}. Check the host of models, or try later; what was fetched is kept.', d.url, d.status, d.reason),
  'model.unreachable': (d) => t('No answer from {0} ({1}). What was fetched is kept: the same download again goes on from there. Check the network, or name a mirror as the host of models.', d.url, d.reason),
  'model.damaged': (d) => t('{0} is not what {1} promised (size or digest differ) and was removed. Download it again.', d.path, d.url),
  'model.noSpace': (d) => t('{1} MB are needed in {0}; {2} MB are free. Free some space, or choose another folder.', d.path, megabytes(d.needed), megabytes(d.free)),
  'model.busy': (d) => t('{0} is being downloaded already, by another window or command. Wait for it.', d.path),
  'model.notConverted': (d) => t('The checkpoint in {0} could not be converted: {1} It is kept; the same again needs no download.', d.path, d.reason),
  'memory.rebuilt': (d) => t('{0} was damaged ({1}) and was made again from the memory beside it. Nothing was lost.', d.path, d.reason),
  'memory.badLines': (d) => t('{2} lines of {0} are no units and were left out (line {1}). Import the memory again, or get the file back from version control.', d.path, d.lines, d.count),
  'ranking.badAnswer': (d) => t('{0} did not answer as a utility does ({1}). docs/ranking.md says what it has to answer.', d.url, d.reason),
  'ranking.badSettings': (d) => t('{0} is {1}; allowed: {2}.', d.name, d.value, d.allowed),
  'trainer.unavailable': (d) => t('{0} cannot train ({1}). Install the trainer into a Python environment of 3.10 or later, or name one with --python.', d.python, d.reason),
  'trainer.notSetUp': (d) => t('There is no Python to train with ({0}). Run "Interlinear: Set Up Trainer...".', d.reason),
  'trainer.noPython': (d) => d.found === ''
    ? t('No Python was found. Install Python 3.10 or later, or uv, then set up the trainer again.')
    : t('No Python here can make the trainer\'s environment: {0}. Install Python 3.10 or later with its venv module (Debian, Ubuntu: python3-venv), or uv, then set up the trainer again.', d.found),
  'trainer.noSpace': (d) => t('The trainer needs {1} MB in {0}; {2} MB are free. Free some space, or choose an existing Python.', d.path, megabytes(d.needed), megabytes(d.free)),
  'trainer.setUpFailed': (d) => t('The trainer was not set up ({0}, {1}): {2} Nothing half-made was left; the log has every line.', d.step, d.command, d.reason),
  'trainer.tooFewRows': (d) => t('{0} rows would be trained on and at least {1} are needed, beside what is held out for the gate. Judge about {2} more segments (accept one candidate and reject another, or edit).', d.rows, d.needed, d.missing),
  'trainer.failed': (d) => t('Training in {0} failed ({1}): {2}', d.job, d.code, d.reason),
  'trainer.lost': (d) => t('The training process of {0} is gone without a word (killed, or the machine restarted). Run the same command again: it resumes from the last checkpoint.', d.job),
  'ray.failed': (d) => t('The Ray cluster at {0} did not take the job: {1}. Check the address of its dashboard and that its machines see the job directory.', d.address, d.reason),
  'trainer.running': (d) => t('{0} is training already. Wait for it or cancel it.', d.job),
  'trainer.noAdapter': (d) => t('{0} has no finished adapter (it is {1}). Train it to its end first.', d.job, d.state),
  'gate.nothingHeldOut': (d) => t('{0} holds nothing out, so its adapter cannot be judged. Train with more judged sources, or add references.jsonl to the data.', d.job),
  'gate.missing': (d) => t('{0} has no gate report that can be read. Run the gate first.', d.job),
  'adapter.notPassed': (d) => t('The adapter {0} is not adopted: its gate says "{1}". Run the gate, or say why with --because.', d.adapter, d.outcome),
  'adapter.rank': (d) => t('{0} refuses the adapter of rank {1}: {2}. Start the server with --max-lora-rank {1}, or train with a lower lora.rank.', d.url, d.rank, d.said),
  'adapter.noAnswer': (d) => t('{1} took the adapter {0}, but {2}. It was taken out again; look into the log of the server.', d.adapter, d.url, d.reason),
  'adapter.notConverted': (d) => t('The adapter {0} could not be made ready for the server: {1}. The models that serve now are as they were.', d.adapter, d.reason),
  'adapter.missing': (d) => t('The model of adapter {0} is not in {1} any more. Adopt it again from its job, or roll back.', d.adapter, d.path),
  'adapter.none': (d) => t('{0} has no adopted adapter to roll back.', d.workspace),
  'input.invalid': (d) => t('{0}: {1}', d.where, d.reason),
  'workspace.untrusted': (d) => t('This folder is not trusted, so Interlinear does not {0}. Trust the folder to allow it.', d.what),
  'workspace.none': (d) => t('{0} needs a folder: open the folder that holds the file and try again.', d.what),
  'protocol.closed': (d) => t('The connection to {0} closed before it answered. Try again.', d.name),
  'protocol.failed': (d) => t('{0} failed: {1}', d.name, d.reason),
};

/** One sentence for people. Total over the codes: a code without a sentence does not compile. */
export function sentenceFor(error: AppError): string {
  // The code selects the function of its own data type; the pair was made together in AppError's constructor.
  const sentence = sentences[error.code] as (data: ErrorData[ErrorCode]) => string;
  return sentence(error.data);
}

type GatePageWord = 'language' | 'title' | 'check' | 'state' | 'value' | 'interval' | 'limit' | 'remark' | 'uses' | 'changed' | 'source' | 'before' | 'after' | 'verdict';

/** Words of a gate's page. `language` is the person's, a BCP 47 tag. */
export function gatePageTexts(language: string): Readonly<Record<GatePageWord, string>> {
  return {
    language, title: t('Gate of the adapter'), check: t('Check'), state: t('Result'), value: t('Value'), interval: t('95 % interval'), limit: t('Must be above'), remark: t('Remark'),
    uses: t('Times this held-out set was used'), changed: t('Segments that changed most'), source: t('Source'), before: t('Before'), after: t('After'), verdict: t('Verdict'),
  };
}

type FindingSentences = { readonly [C in CheckId]: (detail: string) => string };

const findings: FindingSentences = {
  empty: () => t('The translation is empty.'),
  sameAsSource: () => t('The translation is the source.'),
  placeholders: (d) => t('Placeholder {0} is lost, doubled or changed.', d),
  tags: (d) => t('Tag {0} is lost, doubled or in the wrong place.', d),
  numbers: (d) => t('The number {0} is not in the translation.', d),
  addresses: (d) => t('The address {0} is not in the translation.', d),
  outerSpace: () => t('The spaces at the ends differ from the source.'),
  endPunctuation: (d) => t('The sentence should have the mark {0}.', d),
  brackets: (d) => t('The brackets {0} do not match.', d),
  repeatedWord: (d) => t('The word "{0}" stands twice.', d),
  doubleSpace: () => t('Two spaces follow each other.'),
  length: (d) => t('The length is out of bounds ({0}).', d),
  glossary: (d) => t('Term: {0}', d),
  consistency: (d) => t('The same text is translated in another way elsewhere: {0}', d),
  language: (d) => t('The text does not look like the language {0}.', d),
  pluralForms: (d) => t('Plural form {0}: missing, or the language has none.', d),
  lineBreaks: (d) => t('Line breaks differ ({0}).', d),
  hallucination: (d) => t('This looks like a model\'s own talk: {0}', d),
  quickAccept: (d) => t('Accepted after {0} with a low score: read it again.', d),
  jaStyle: (d) => t('Two styles in one text: {0}', d),
  jaWidth: (d) => t('Full and half width are mixed: {0}', d),
  jaParticle: (d) => t('The particle stands twice: {0}', d),
  jaEnding: (d) => t('Sentence after sentence ends with {0}.', d),
  jaQuotes: () => t('Quotation marks inside 「」 should be 『』.'),
  jaSpelling: (d) => t('Two spellings of one word: {0}', d),
};

/** One sentence for people; what it quotes stands apart where it is written from right to left. Total over the checks. */
export function findingSentence({ check, detail }: Pick<Finding, 'check' | 'detail'>): string {
  return findings[check](detail.split(/( (?:→|\/) )/u).map(isolated).join(''));
}

type UnalignedSentences = { readonly [R in UnalignedReason]: () => string };

const unaligned: UnalignedSentences = {
  unknownKey: () => t('The document has no segment of this key.'),
  otherSource: () => t('Under this key stands another source there.'),
  missing: () => t('The returned file does not have it.'),
  added: () => t('The document has no such block.'),
  sentences: () => t('The block has another number of sentences.'),
  untranslated: () => t('It is translated here and not there.'),
};

/** Why a text of a returned translation was not aligned. Total over the reasons. */
export function unalignedSentence(reason: UnalignedReason): string {
  return unaligned[reason]();
}

type PurposeSentences = { readonly [K in CatalogueKind]: () => string };

const purposes: PurposeSentences = {
  comet: () => t('ranks candidates against each other (COMET)'),
  cometkiwi: () => t('estimates quality without a reference (CometKiwi)'),
  awesome: () => t('aligns words, one pass a text (awesome-align)'),
  wspalign: () => t('aligns words by spans, for one candidate at a time (WSPAlign)'),
};

/** What a published model is for. */
export function purposeOf(kind: CatalogueKind): string {
  return purposes[kind]();
}
