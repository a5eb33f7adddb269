import type { InferenceSession } from 'onnxruntime-node';
import type { DecoderFacts } from './decoderFacts.ts';

export type FloatType = 'float32' | 'float16';

/** What a decoder graph calls its inputs and outputs, and of what type they are. */
export interface GraphLayout {
  /** Key and value of each layer: `past_key_values.0.key`, `past_key_values.0.value`, ... */
  readonly past: readonly string[];
  readonly present: readonly string[];
  readonly cacheType: FloatType;
  readonly logitsType: FloatType;
  readonly hasMask: boolean;
  readonly hasPositions: boolean;
  /** transformers.js's newer exports ask for how many positions logits are wanted; 0 is all. */
  readonly hasLogitsToKeep: boolean;
}

type Session = Pick<InferenceSession, 'inputMetadata' | 'outputMetadata'>;
type Value = InferenceSession.ValueMetadata;

const pastName = /^past(?:_key_values)?\.(\d+)\.(?:decoder\.|self_attn\.)?(key|value)$/u;
const presentName = /^present(?:_key_values)?\.(\d+)\.(?:decoder\.|self_attn\.)?(key|value)$/u;
const otherInputs: readonly string[] = ['input_ids', 'attention_mask', 'position_ids', 'num_logits_to_keep'];

/** @throws Error that says what in the graph is not as the folder says, or not known to this engine */
export function graphLayout(session: Session, facts: DecoderFacts): GraphLayout {
  const { inputMetadata: inputs, outputMetadata: outputs } = session;
  const has = (name: string): boolean => inputs.some((input) => input.name === name);
  const unknown = inputs.find(({ name }) => !otherInputs.includes(name) && !pastName.test(name));
  if (unknown !== undefined) throw new Error(`the graph needs the input ${unknown.name}, which this engine does not know`);
  if (!has('input_ids')) throw new Error('the graph has no input_ids');
  const past = cacheOf(inputs, pastName, { kind: 'input', facts });
  const present = cacheOf(outputs, presentName, { kind: 'output', facts });
  const logits = outputs.find(({ name }) => name === 'logits');
  if (logits === undefined) throw new Error('the graph has no logits');
  const cacheType = typeOf(past[0], [undefined, facts.kvHeads, undefined, facts.headDim]);
  for (const value of [...past, ...present]) {
    if (typeOf(value, [undefined, facts.kvHeads, undefined, facts.headDim]) !== cacheType) throw new Error(`${value.name} is not ${cacheType} as the others are`);
  }
  return {
    past: past.map(({ name }) => name),
    present: present.map(({ name }) => name),
    cacheType,
    logitsType: typeOf(logits, [undefined, undefined, facts.vocabSize]),
    hasMask: has('attention_mask'),
    hasPositions: has('position_ids'),
    hasLogitsToKeep: has('num_logits_to_keep'),
  };
}

interface Wanted {
  readonly kind: 'input' | 'output';
  readonly facts: DecoderFacts;
}

/** In the order of layers, key before value. */
function cacheOf(values: readonly Value[], pattern: RegExp, { kind, facts: { layers } }: Wanted): readonly Value[] {
  const named = new Map(values.flatMap((value) => {
    const [, layer, part] = pattern.exec(value.name) ?? [];
    return layer === undefined || part === undefined ? [] : [[`${layer}.${part}`, value] as const];
  }));
  if (named.size !== 2 * layers) throw new Error(`the graph has ${String(named.size / 2)} layers with a cache as ${kind}, the folder says ${String(layers)}`);
  return Array.from({ length: layers }, (_, layer) => ['key', 'value'].map((part) => {
    const value = named.get(`${String(layer)}.${part}`);
    if (value === undefined) throw new Error(`the graph has no ${kind} for the ${part} of layer ${String(layer)}`);
    return value;
  })).flat();
}

function typeOf(value: Value | undefined, wanted: readonly (number | undefined)[]): FloatType {
  if (value?.isTensor !== true) throw new Error(`${value?.name ?? 'the cache'} is not a tensor`);
  const { name, type, shape } = value;
  if (type !== 'float32' && type !== 'float16') throw new Error(`${name} is ${type}, only float32 and float16 can be run`);
  const fits = shape.length === wanted.length
    && shape.every((size, axis) => typeof size === 'string' || wanted[axis] === undefined || size === wanted[axis]);
  if (!fits) throw new Error(`${name} has the shape [${shape.join(', ')}], the folder says [${wanted.map((size) => size ?? '*').join(', ')}]`);
  return type;
}
