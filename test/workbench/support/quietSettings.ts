import type { Trust } from './server.ts';

/** User settings that keep everything out of the way that is not the extension. */
export function quietSettings(trust: Trust): Record<string, unknown> {
  return {
    'workbench.startupEditor': 'none',
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'workbench.reduceMotion': 'on',
    'workbench.enableExperiments': false,
    'workbench.tips.enabled': false,
    'workbench.colorTheme': 'Default Dark Modern',
    'chat.disableAIFeatures': true,
    'telemetry.telemetryLevel': 'off',
    'extensions.autoCheckUpdates': false,
    'extensions.autoUpdate': false,
    'extensions.ignoreRecommendations': true,
    'update.mode': 'none',
    'update.showReleaseNotes': false,
    'security.workspace.trust.enabled': trust !== 'disabled',
    'security.workspace.trust.startupPrompt': trust === 'granted' ? 'always' : 'never',
  };
}
