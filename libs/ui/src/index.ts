export { default as UiButton } from './actions/UiButton.vue';
export { default as UiCopyButton } from './actions/UiCopyButton.vue';
export { default as UiIconButton } from './actions/UiIconButton.vue';
export { default as UiMenu } from './actions/UiMenu.vue';
export { api, dataOf, expectSession, ifMatch, isConflict, isSessionLost } from './api/client.ts';
export { createQueryClient } from './api/query-client.ts';
export { type Page, usePages } from './api/use-pages.ts';
export { type Explained, useProblem } from './api/use-problem.ts';
export type { ChartSeries } from './charts/chart-option.ts';
export { default as UiChart } from './charts/UiChart.vue';
export { default as UiCode } from './data/UiCode.vue';
export { default as UiFacts } from './data/UiFacts.vue';
export { default as UiLoaded } from './data/UiLoaded.vue';
export { default as UiMarkdown } from './data/UiMarkdown.vue';
export { default as UiMeter } from './data/UiMeter.vue';
export { default as UiSecret } from './data/UiSecret.vue';
export { default as UiStat } from './data/UiStat.vue';
export { type Column, default as UiTable } from './data/UiTable.vue';
export type { EditorLanguage } from './editor/editor-language.ts';
export { type EditorMark, markOfLine } from './editor/editor-mark.ts';
export { default as UiCodeEditor } from './editor/UiCodeEditor.vue';
export { default as UiTable } from './data/UiTable.vue';
export { default as UiDiff } from './editor/UiDiff.vue';
export { default as UiAlert } from './feedback/UiAlert.vue';
export { default as UiBadge } from './feedback/UiBadge.vue';
export { default as UiEmpty } from './feedback/UiEmpty.vue';
export { default as UiProblem } from './feedback/UiProblem.vue';
export { default as UiSkeleton } from './feedback/UiSkeleton.vue';
export { default as UiSpinner } from './feedback/UiSpinner.vue';
export { softTones, type Tone } from './feedback/tones.ts';
export { useToasts } from './feedback/use-toasts.ts';
export { useFormat } from './format/use-format.ts';
export { default as UiCheckbox } from './forms/UiCheckbox.vue';
export { default as UiChoices } from './forms/UiChoices.vue';
export { default as UiField } from './forms/UiField.vue';
export { default as UiForm } from './forms/UiForm.vue';
export { default as UiInput } from './forms/UiInput.vue';
export { default as UiPassword } from './forms/UiPassword.vue';
export { default as UiSearch } from './forms/UiSearch.vue';
export { default as UiSelect } from './forms/UiSelect.vue';
export { default as UiSwitch } from './forms/UiSwitch.vue';
export { default as UiTags } from './forms/UiTags.vue';
export { default as UiTextarea } from './forms/UiTextarea.vue';
export { useForm } from './forms/use-form.ts';
export {
  createTexts,
  joinTexts,
  type Language,
  languages,
  type LoadMessages,
  type Messages,
  useLanguage,
} from './i18n/index.ts';
export { default as UiCard } from './layout/UiCard.vue';
export { default as UiDisclosure } from './layout/UiDisclosure.vue';
export { default as UiLogo } from './layout/UiLogo.vue';
export { default as UiPage } from './layout/UiPage.vue';
export { default as UiPreferences } from './layout/UiPreferences.vue';
export { default as UiTabs } from './layout/UiTabs.vue';
export { default as UiToolbar } from './layout/UiToolbar.vue';
export { default as UiConfirm } from './overlays/UiConfirm.vue';
export { default as UiDialog } from './overlays/UiDialog.vue';
export { default as UiDialogBare } from './overlays/UiDialogBare.vue';
export { default as UiDrawer } from './overlays/UiDrawer.vue';
export { default as UiTooltip } from './overlays/UiTooltip.vue';
export { default as UiCodeSamples } from './reference/UiCodeSamples.vue';
export { type SampleCall, type SampleLanguage, sampleLanguages, sampleOf } from './reference/code-sample.ts';
export type { OpenApiDocument } from './reference/openapi-document.ts';
export { exampleBody, exampleText, keyFieldOf, serverOf } from './reference/operation-call.ts';
export { type Operation, readOperations } from './reference/operations.ts';
export { default as UiReference } from './reference/UiReference.vue';
export { default as UiJsonValue } from './schema-form/UiJsonValue.vue';
export { default as UiSchemaForm } from './schema-form/UiSchemaForm.vue';
export { useRefusals } from './schema-form/use-refusals.ts';
export * from './schema-form/values.ts';
export { readStored, removeStored, writeStored } from './theme/stored.ts';
export { startTheme, type ThemeChoice, useTheme } from './theme/use-theme.ts';
export { cspNonce } from './app/csp-nonce.ts';
export { default as UiRoot } from './app/UiRoot.vue';
export { startApp } from './app/start-app.ts';
export { default as UiSessionLost } from './session/UiSessionLost.vue';
export { emptyDraft, openPart, type RequestDraft, type RequestToSend, requestToSend } from './try/request-draft.ts';
export { default as UiPairs } from './try/UiPairs.vue';
export { default as UiRequestEditor } from './try/UiRequestEditor.vue';
export { default as UiResponse } from './try/UiResponse.vue';
