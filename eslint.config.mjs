import comments from '@eslint-community/eslint-plugin-eslint-comments';
import js from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import { explainAssertion } from './scripts/lint/explainAssertion.mjs';
import { banRules, bans, zones } from './scripts/lint/rooms.mjs';

const sizes = {
  'max-lines': ['error', 300],
  'max-lines-per-function': ['error', 40],
  'max-params': ['error', 4],
};

const strict = {
  ...sizes,
  eqeqeq: 'error',
  'import-x/no-default-export': 'error',
  'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: zones() }],
  'interlinear/explain-assertion': 'error',
  '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description', minimumDescriptionLength: 10 }],
  '@typescript-eslint/consistent-type-exports': 'error',
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  // Splitting a string by code points is what text code here means by `[...text]`.
  '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: 'only-allowed-literals' }],
};

/** Files that are linted with the types of one tsconfig. */
const typed = (project, files) => ({ files, languageOptions: { parserOptions: { project, tsconfigRootDir: import.meta.dirname } } });

const knownSafeCalls = [{ from: 'package', name: ['describe', 'it', 'before', 'after', 'beforeEach', 'afterEach'], package: 'node:test' }];

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', 'build/', 'artifacts/', '.venv*/', '.workbench*/', 'trainer/', 'test/fixtures/', 'media/', 'samples/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
  js.configs.recommended,
  {
    plugins: { 'import-x': importX, '@eslint-community/eslint-comments': comments, interlinear: { rules: { 'explain-assertion': explainAssertion } } },
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.mjs', '.js'] })] },
    rules: { '@eslint-community/eslint-comments/require-description': 'error', '@eslint-community/eslint-comments/no-unlimited-disable': 'error' },
  },
  { files: ['**/*.ts'], extends: [tseslint.configs.strictTypeChecked], rules: strict },
  typed('tsconfig.host.json', ['src/**/*.ts', 'test/**/*.ts', 'scripts/**/*.ts']),
  typed('tsconfig.core.json', ['src/core/**/*.ts', 'src/protocol/**/*.ts']),
  typed('tsconfig.webview.json', ['webview/**/*.ts', 'test/webview/page/**/*.ts']),
  ...bans.map(({ files, banned }) => ({ files, rules: banRules(banned) })),
  {
    // A describe callback holds its tests; the tests inside it are what should stay short.
    files: ['test/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'interlinear/explain-assertion': 'off',
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: knownSafeCalls }],
    },
  },
  {
    // Files that run before or outside TypeScript.
    files: ['**/*.mjs', '**/*.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', setInterval: 'readonly' } },
    rules: sizes,
  },
);
