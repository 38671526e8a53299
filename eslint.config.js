import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';
import vueParser from 'vue-eslint-parser';

/** Who may import whom. Every project carries one `type:` and one `scope:` tag; nothing is allowed everything. */
const boundaries = [
  { sourceTag: 'type:contracts', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'type:lib', onlyDependOnLibsWithTags: ['type:lib', 'type:contracts'] },
  { sourceTag: 'type:service', onlyDependOnLibsWithTags: ['type:lib', 'type:contracts'] },
  { sourceTag: 'type:data-plane', onlyDependOnLibsWithTags: ['type:lib', 'type:contracts'] },
  { sourceTag: 'type:composition', onlyDependOnLibsWithTags: ['type:service', 'type:lib', 'type:contracts'] },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:lib', 'type:contracts'] },
  { sourceTag: 'type:e2e', onlyDependOnLibsWithTags: ['type:lib', 'type:contracts'] },
  { sourceTag: 'scope:engine', onlyDependOnLibsWithTags: ['scope:contracts', 'scope:testing'] },
  { sourceTag: 'scope:policies', onlyDependOnLibsWithTags: ['scope:contracts', 'scope:engine', 'scope:testing'] },
  { sourceTag: 'scope:platform', onlyDependOnLibsWithTags: ['scope:contracts'] },
  { sourceTag: 'scope:persistence', onlyDependOnLibsWithTags: ['scope:contracts', 'scope:platform', 'scope:embedded'] },
  {
    sourceTag: 'scope:messaging',
    onlyDependOnLibsWithTags: [
      'scope:contracts',
      'scope:platform',
      'scope:persistence',
      'scope:testing',
      'scope:embedded',
    ],
  },
  { sourceTag: 'type:web-lib', onlyDependOnLibsWithTags: ['scope:client'] },
  { sourceTag: 'type:web-app', onlyDependOnLibsWithTags: ['type:web-lib', 'scope:client'] },
  {
    sourceTag: 'scope:gateway',
    onlyDependOnLibsWithTags: ['scope:contracts', 'scope:engine', 'scope:policies', 'scope:testing'],
  },
];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '.tollgate/**', '**/*.generated.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './tsconfig.web.json', './tsconfig.web-node.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: true,
          allow: [],
          // Its schemas of request bodies come lazily, the client itself does not.
          checkDynamicDependenciesExceptions: ['@tollgate/client'],
          depConstraints: boundaries,
        },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Name what you export.' },
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'Read the environment in src/config.ts only.',
        },
      ],
    },
  },
  {
    files: ['**/config.ts', 'apps/*/src/main.ts', 'tools/**', 'e2e/**', 'libs/embedded/**', '**/*spec.ts', '**/*.d.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  ...vue.configs['flat/recommended'].map((config) => ({ ...config, files: ['**/*.vue'] })),
  {
    // Types of Vue files are vue-tsc's; here only what can be told from one file.
    files: ['**/*.vue'],
    languageOptions: {
      parser: vueParser,
      parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.vue'] },
    },
    plugins: { '@nx': nx, '@typescript-eslint': tseslint.plugin },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { allow: [], checkDynamicDependenciesExceptions: ['@tollgate/client'], depConstraints: boundaries },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      'no-undef': 'off',
      'no-unused-vars': 'off',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/block-order': ['error', { order: ['script', 'template'] }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/multi-word-component-names': 'error',
      'vue/no-undef-components': ['error', { ignorePatterns: [] }],
      'vue/no-unused-refs': 'error',
      'vue/no-unused-emit-declarations': 'error',
      'vue/require-default-prop': 'off',
      'vue/require-explicit-slots': 'off',
      'vue/no-static-inline-styles': 'error',
      'vue/no-v-html': 'error',
    },
  },
  { files: ['libs/ui/src/data/UiMarkdown.vue'], rules: { 'vue/no-v-html': 'off' } },
  { files: ['*.config.ts', '**/vite.config.ts', '*.config.js'], rules: { 'no-restricted-syntax': 'off' } },
  // Types of single-file components are known to vue-tsc only.
  {
    files: ['{apps/console,apps/portal,libs/ui}/src/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['libs/ui/public/*.js'],
    languageOptions: { globals: { document: 'readonly', localStorage: 'readonly', navigator: 'readonly' } },
  },
  { files: ['**/*.js'], languageOptions: { globals: { process: 'readonly', console: 'readonly' } } },
  prettier,
);
