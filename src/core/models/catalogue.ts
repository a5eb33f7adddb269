/** Published models that the exporter makes folders of the engine of. Facts and licences as their publishers name them. */

/** What a model folder of the engine may hold. */
export type CatalogueKind = 'comet' | 'cometkiwi' | 'awesome' | 'wspalign';

export interface PublishedFile {
  /** Owner and name of a repository on the hub. */
  readonly repository: string;
  readonly path: string;
}

export interface WantedFile {
  /** Below the folder of the download; what begins with `encoder/` is what `--encoder` of the exporter names. */
  readonly to: string;
  /** The first of these that the host has is fetched. */
  readonly from: readonly PublishedFile[];
  /** The exporter works without it. */
  readonly optional?: true;
}

export interface CatalogueModel {
  readonly id: string;
  /** As its publisher calls it. */
  readonly name: string;
  readonly kind: CatalogueKind;
  readonly repository: string;
  readonly licence: string;
  /** Its owner asks for agreement first: the host gives the files to accounts that agreed, by their token. */
  readonly gated: boolean;
  readonly files: readonly WantedFile[];
}

const xlmr = 'FacebookAI/xlm-roberta-large';
const infoxlm = 'microsoft/infoxlm-large';
const xlmrBase = 'FacebookAI/xlm-roberta-base';
const mbert = 'google-bert/bert-base-multilingual-cased';

const nonCommercial = 'CC-BY-NC-SA-4.0';

/** Settings and tokenizer of an encoder whose weights are in the metric's checkpoint. InfoXLM has XLM-R's vocabulary. */
function encoderFiles(...repositories: readonly [string, ...string[]]): readonly WantedFile[] {
  const [first] = repositories;
  const from = (path: string): readonly PublishedFile[] => repositories.map((repository) => ({ repository, path }));
  return [
    { to: 'encoder/config.json', from: [{ repository: first, path: 'config.json' }] },
    { to: 'encoder/tokenizer.json', from: from('tokenizer.json') },
    { to: 'encoder/tokenizer_config.json', from: from('tokenizer_config.json'), optional: true },
  ];
}

function metricFiles(repository: string): readonly WantedFile[] {
  return [
    { to: 'checkpoint/hparams.yaml', from: [{ repository, path: 'hparams.yaml' }] },
    { to: 'checkpoint/checkpoints/model.ckpt', from: [{ repository, path: 'checkpoints/model.ckpt' }] },
  ];
}

/** A transformers checkpoint; the tokenizer is its base's where its own repository has none in the fast form. */
function transformersFiles(repository: string, base: string): readonly WantedFile[] {
  const own = (path: string): PublishedFile => ({ repository, path });
  const orBase = (path: string): readonly PublishedFile[] => repository === base ? [own(path)] : [own(path), { repository: base, path }];
  return [
    { to: 'checkpoint/config.json', from: [own('config.json')] },
    { to: 'checkpoint/tokenizer.json', from: orBase('tokenizer.json') },
    { to: 'checkpoint/tokenizer_config.json', from: orBase('tokenizer_config.json'), optional: true },
    { to: 'checkpoint/{name}', from: ['model.safetensors', 'pytorch_model.bin'].map(own) },
  ];
}

/** Each of them once; `{name}` in a place stands for the published file's own name. */
export const catalogue: readonly CatalogueModel[] = [
  {
    id: 'comet-22', name: 'wmt22-comet-da', kind: 'comet', repository: 'Unbabel/wmt22-comet-da', licence: 'Apache-2.0', gated: false,
    files: [...metricFiles('Unbabel/wmt22-comet-da'), ...encoderFiles(xlmr)],
  },
  {
    id: 'cometkiwi-22', name: 'wmt22-cometkiwi-da', kind: 'cometkiwi', repository: 'Unbabel/wmt22-cometkiwi-da', licence: nonCommercial, gated: true,
    files: [...metricFiles('Unbabel/wmt22-cometkiwi-da'), ...encoderFiles(infoxlm, xlmr)],
  },
  {
    id: 'awesome-align', name: 'awesome-align-with-co', kind: 'awesome', repository: 'aneuraz/awesome-align-with-co', licence: 'BSD-3-Clause', gated: false,
    files: transformersFiles('aneuraz/awesome-align-with-co', mbert),
  },
  {
    id: 'mbert', name: 'bert-base-multilingual-cased', kind: 'awesome', repository: mbert, licence: 'Apache-2.0', gated: false,
    files: transformersFiles(mbert, mbert),
  },
  {
    id: 'wspalign-mbert', name: 'WSPAlign-mbert-base', kind: 'wspalign', repository: 'qiyuw/WSPAlign-mbert-base', licence: nonCommercial, gated: false,
    files: transformersFiles('qiyuw/WSPAlign-mbert-base', mbert),
  },
  {
    id: 'wspalign-xlm', name: 'WSPAlign-xlm-base', kind: 'wspalign', repository: 'qiyuw/WSPAlign-xlm-base', licence: nonCommercial, gated: false,
    files: transformersFiles('qiyuw/WSPAlign-xlm-base', xlmrBase),
  },
  {
    id: 'wspalign-kftt', name: 'WSPAlign-ft-kftt', kind: 'wspalign', repository: 'qiyuw/WSPAlign-ft-kftt', licence: nonCommercial, gated: false,
    files: transformersFiles('qiyuw/WSPAlign-ft-kftt', mbert),
  },
];

/** What people ask for and the engine does not run: 3.5 and 10.7 billion parameters, CC BY-NC-SA. */
export const unsupportedModels = ['xcomet-xl', 'xcomet-xxl'] as const;

export function findModel(id: string): CatalogueModel | undefined {
  return catalogue.find((model) => model.id === id || model.name === id || model.repository === id);
}

/** Whether somebody asks for XCOMET, in whatever spelling. */
export function isXcomet(name: string): boolean {
  return /x-?comet/iu.test(name);
}
