import { useQueryClient } from '@tanstack/vue-query';
import {
  api,
  checkerOf,
  dataOf,
  ifMatch,
  type JsonSchema,
  type Refusal,
  useForm,
  useIdempotencyKey,
  useProblem,
  useToasts,
  withoutReferences,
} from '@tollgate/ui';
import { computed, ref, shallowRef, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRoute, useRouter } from 'vue-router';
import { useSession } from '../../app/session.ts';
import { mayStand } from '../../policy-editing/policy-set.ts';
import {
  type Direction,
  type Policy,
  type PolicyTemplate,
  usePolicyTypes,
  useTemplate,
} from '../../policy-editing/use-templates.ts';

interface Draft {
  name: string;
  description: string;
  draft: Record<Direction, Policy[]>;
  /** JSON that is written for a policy and is none yet, by the policy’s type: kept, guarded and never sent. */
  unreadable: Record<string, string>;
}

const draftOf = ({ name, description, draft }: Pick<PolicyTemplate, 'name' | 'description' | 'draft'>): Draft =>
  JSON.parse(
    JSON.stringify({
      name,
      description,
      draft: { inbound: draft.inbound ?? [], outbound: draft.outbound ?? [] },
      unreadable: {},
    }),
  ) as Draft;

/** What the page of a template edits. */
export function useTemplateEditor() {
  const { t } = useI18n();
  const { may } = useSession();
  const toasts = useToasts();
  const explain = useProblem();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { templateId } = useRoute().params;
  const id = typeof templateId === 'string' ? templateId : undefined;
  const query = useTemplate(id);
  const { data: types } = usePolicyTypes();
  const idempotency = useIdempotencyKey();
  /** What the form was filled from. Live changes move the query on; a save must be measured against what was read here. */
  const base = shallowRef<PolicyTemplate>();
  /** What is looked at beside the lists. */
  const selected = ref<{ direction: Direction; type: string }>();

  const form = useForm<Draft>({
    initial: { name: '', description: '', draft: { inbound: [], outbound: [] }, unreadable: {} },
    check: ({ name }) => ({ name: name.trim() === '' ? t('policies.nameNeeded') : undefined }),
    async submit({ name, description, draft }) {
      const body = { name: name.trim(), description, draft };
      const present = base.value;
      const saved = await dataOf(
        present === undefined
          ? api.POST('/api/v1/policy-templates', {
              params: { header: idempotency.header() },
              body,
            })
          : api.PATCH('/api/v1/policy-templates/{templateId}', {
              params: {
                path: { templateId: present.id },
                header: ifMatch(present),
              },
              body,
            }),
      );
      base.value = saved;
      queryClient.setQueryData(['policy-templates', saved.id], saved);
      await queryClient.invalidateQueries({ queryKey: ['policy-templates'], exact: true });
      toasts.success(t('policies.saved', { name: saved.name }));
      if (present === undefined) await router.replace({ name: 'policy-template', params: { templateId: saved.id } });
    },
  });
  /** Fills the form from a version of the template. */
  function take(template: PolicyTemplate | undefined): void {
    if (template === undefined) return;
    base.value = template;
    form.reset(draftOf(template));
  }
  watch(
    query.data,
    (template) => {
      const isOlder = template !== undefined && base.value !== undefined && template.version < base.value.version;
      if (!form.isDirty.value && !form.isBusy.value && !isOlder) take(template);
    },
    { immediate: true },
  );

  function setList(direction: Direction, list: Policy[]): void {
    form.values.draft = { ...form.values.draft, [direction]: list };
    // The server’s refusals name positions of a list that is another one now.
    form.places.value = {};
    const types = new Set(Object.values(form.values.draft).flatMap((policies) => policies.map(({ type }) => type)));
    for (const type of Object.keys(form.values.unreadable)) if (!types.has(type)) setUnreadable(type, undefined);
  }

  function setUnreadable(type: string, text: string | undefined): void {
    const { [type]: _, ...others } = form.values.unreadable;
    form.values.unreadable = text === undefined ? others : { ...others, [type]: text };
  }

  const checkers = computed(
    () =>
      new Map(
        (types.value ?? []).map(({ name, optionsSchema }) => [
          name,
          checkerOf(withoutReferences(optionsSchema as JsonSchema)),
        ]),
      ),
  );
  /** Policies that their schema refuses or whose JSON is none, in the order of the lists. */
  const refused = computed(() =>
    (['inbound', 'outbound'] as const).flatMap((direction) =>
      form.values.draft[direction]
        .map(({ type, options }) => ({ direction, type, refusals: checkers.value.get(type)?.(options ?? {}) ?? [] }))
        .filter(
          ({ type, refusals }: { type: string; refusals: readonly Refusal[] }) =>
            refusals.length > 0 || form.values.unreadable[type] !== undefined,
        ),
    ),
  );
  const present = computed(() => {
    const at = selected.value;
    if (at === undefined) return undefined;
    const index = form.values.draft[at.direction].findIndex(({ type }) => type === at.type);
    const policy = form.values.draft[at.direction][index];
    return policy === undefined ? undefined : { ...at, index, policy };
  });

  async function save(): Promise<boolean> {
    const [first] = refused.value;
    if (first !== undefined) {
      form.wasSubmitted.value = true;
      selected.value = { direction: first.direction, type: first.type };
      return false;
    }
    const isSaved = await form.submit();
    // Who typed on while it was saved keeps that.
    if (isSaved && id !== undefined && !form.isDirty.value) take(base.value);
    return isSaved;
  }

  return {
    id,
    query,
    form,
    types,
    selected,
    present,
    refused,
    canWrite: computed(() => may('policies.write')),
    typeOf: (name: string) => types.value?.find((type) => type.name === name),
    /** Types that may still be added to a list; each stands in a template once. */
    addable: (direction: Direction) => {
      const taken = new Set([...form.values.draft.inbound, ...form.values.draft.outbound].map(({ type }) => type));
      return (types.value ?? []).filter((type) => mayStand(type, direction) && !taken.has(type.name));
    },
    setList,
    unreadable: (type: string): string | undefined => form.values.unreadable[type],
    setUnreadable,
    select: (at: { direction: Direction; type: string } | undefined) => (selected.value = at),
    add(direction: Direction, type: string): void {
      setList(direction, [...form.values.draft[direction], { type, options: {} }]);
      selected.value = { direction, type };
    },
    setPolicy(direction: Direction, index: number, policy: Policy): void {
      setList(
        direction,
        form.values.draft[direction].map((known, at) => (at === index ? policy : known)),
      );
    },
    /** The server’s refusals of one policy’s options, by pointers into them. */
    errorsOf(direction: Direction, index: number): Record<string, string> {
      const prefix = `/draft/${direction}/${index}`;
      return Object.fromEntries(
        Object.entries(form.places.value)
          .filter(([pointer]) => pointer === prefix || pointer.startsWith(`${prefix}/`))
          .map(([pointer, message]) => [pointer.slice(prefix.length).replace(/^\/options/, ''), message]),
      );
    },
    save,
    discard: () => take(query.data.value ?? base.value),
    async loadTheirs(): Promise<void> {
      const { data, error } = await query.refetch();
      if (error === null) take(data);
      else toasts.failure(explain(error).sentence);
    },
    async saveOverTheirs(): Promise<void> {
      const { data, error } = await query.refetch();
      if (error !== null) return toasts.failure(explain(error).sentence);
      base.value = data ?? base.value;
      await save();
    },
    async remove(): Promise<void> {
      const template = query.data.value;
      if (template === undefined) return;
      await api.DELETE('/api/v1/policy-templates/{templateId}', {
        params: { path: { templateId: template.id }, header: ifMatch(template) },
      });
      form.reset(draftOf(template));
      await router.replace({ name: 'policy-templates' });
      await queryClient.invalidateQueries({ queryKey: ['policy-templates'], exact: true });
      toasts.success(t('policies.deleted', { name: template.name }));
    },
  };
}

/** What the parts of the page work on. */
export type TemplateEditor = ReturnType<typeof useTemplateEditor>;
