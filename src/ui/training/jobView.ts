import { basename } from 'node:path';
import * as vscode from 'vscode';
import { curvesOf } from '../../app/training/curves.ts';
import type { JobFacts } from '../../app/training/jobFacts.ts';
import { modelLabel } from '../../core/models/modelLabel.ts';
import type { GateView, JobView } from '../../protocol/training.ts';
import { trainerSentence } from '../localised.ts';
import { verdictText } from './verdictText.ts';

/** A job as the dashboard draws it. */
export function jobView(facts: JobFacts): JobView {
  const { folder, record, name, events, log, serving, actions } = facts;
  const last = events.findLast((event) => event.kind === 'step');
  const plan = events.findLast((event) => event.kind === 'plan');
  const started = events.findLast((event) => event.kind === 'started');
  const finished = events.findLast((event) => event.kind === 'finished');
  const data = events.findLast((event) => event.kind === 'data');
  const detail = detailOf(facts);
  return {
    folder, id: record.id, stage: record.stage, base: basename(record.base), dataHash: record.dataHash, state: name,
    step: finished?.step ?? last?.step ?? 0, steps: last?.steps ?? plan?.steps ?? 0,
    ...(name === 'running' && last?.secondsLeft !== undefined && { secondsLeft: last.secondsLeft }),
    ...(detail !== undefined && { detail }),
    ...(started !== undefined && { device: started.device }),
    ...(finished?.best !== undefined && { best: finished.best }),
    ...(data !== undefined && { rows: { kept: data.kept, read: data.read, dropped: data.dropped } }),
    curves: curvesOf(events),
    warnings: events.flatMap((event) => event.kind === 'warning' ? [trainerSentence(event)] : []),
    log, serving, actions,
    ...gateOf(facts),
  };
}

function detailOf({ state, events, place }: JobFacts): string | undefined {
  if (place !== undefined) return vscode.l10n.t('Number {0} in the queue of this machine. It starts by itself when its turn comes.', place);
  if (state.kind === 'failed') return trainerSentence(state);
  const stopped = events.findLast((event) => event.kind === 'stopped');
  return stopped?.text === undefined ? undefined : trainerSentence({ ...stopped, text: stopped.text });
}

function gateOf({ gate, verdict }: JobFacts): { readonly gate?: GateView } {
  if (gate === undefined) return {};
  const { decision, before, after, heldOutUses } = gate;
  const checks = decision.checks.map(({ name, state, value, low, high, limit, remark }) => ({
    name, state, ...(value !== undefined && { value }), ...(low !== undefined && { low }), ...(high !== undefined && { high }),
    ...(limit !== undefined && { limit }), ...(remark !== undefined && { remark }),
  }));
  const modelName = ({ model, revision }: typeof before): string => modelLabel(model, revision.slice(0, 8));
  return { gate: { outcome: decision.outcome, before: modelName(before), after: modelName(after), checks, heldOutUses, verdict: verdictText(verdict) } };
}
