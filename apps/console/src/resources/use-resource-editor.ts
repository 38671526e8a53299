import { useQueryClient } from '@tanstack/vue-query';
import { isObject, useForm, useIdempotencyKey, useProblem, useRefusals, useToasts, withMember } from '@tollgate/ui';
import { computed, ref, shallowRef, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRoute, useRouter } from 'vue-router';
import { useSession } from '../app/session.ts';
import {
  type Resource,
  resourceApi,
  type ResourceSegment,
  type ResourceValue,
  type TemplateReference,
} from './resource-api.ts';
import { useValueSchema } from './use-request-schema.ts';
import { useGroupWorkspaces } from './use-group-workspaces.ts';
import { useResourceName } from './use-resource-name.ts';
import { useGroupId, useResource } from './use-resources.ts';

interface Draft {
  /** Of a new resource only; empty: the one that is meant when none is named. */
  workspaceId: string;
  /** Of a new resource only; empty: the server makes one. */
  id: string;
  value: ResourceValue;
  policyTemplate: TemplateReference | null;
}

/** A copy that shares nothing with the cache. */
const draftOf = ({ value, policyTemplate }: Pick<Resource, 'value' | 'policyTemplate'>): Draft =>
  JSON.parse(JSON.stringify({ workspaceId: '', id: '', value, policyTemplate })) as Draft;

/** What one page edits: a resource of the draft, or a new one that begins as `blank`. */
export function useResourceEditor(options: {
  segment: ResourceSegment;
  /** Name of the route to one of them. */
  one: string;
  blank: ResourceValue;
  /** What the schema cannot say: refusals by pointer. */
  check?: (value: ResourceValue) => Readonly<Record<string, string>>;
  /** Told what was sent when it was taken: what the server does not give back is known here for the last time. */
  onSaved?: (saved: Resource, sent: ResourceValue) => void;
}) {
  const { segment, one } = options;
  const { t } = useI18n();
  const { may } = useSession();
  const nameOf = useResourceName();
  const toasts = useToasts();
  const explain = useProblem();
  const router = useRouter();
  const queryClient = useQueryClient();
  const groupId = useGroupId();
  const { params, query: asked } = useRoute();
  const { resourceId } = params;
  const id = typeof resourceId === 'string' ? resourceId : undefined;
  const endpoints = resourceApi(segment, groupId);
  const query = useResource(segment, id);
  const schema = useValueSchema(segment);
  const idempotency = useIdempotencyKey();
  const { usual, areSeveral } = useGroupWorkspaces();
  const blank = (): Draft => ({
    workspaceId: typeof asked.workspace === 'string' ? asked.workspace : '',
    id: '',
    value: options.blank,
    policyTemplate: null,
  });
  const isTextBroken = ref(false);
  /** JSON that is written for a part and is none yet, by the part’s name: kept, and never sent. */
  const unreadable = ref<Readonly<Record<string, string>>>({});
  /** What the form was filled from. Live changes move the query on; a save must be measured against what was read here. */
  const base = shallowRef<Resource>();

  const form = useForm<Draft>({
    initial: blank(),
    async submit(values) {
      const input = { value: values.value, policyTemplate: values.policyTemplate };
      const present = base.value;
      const saved =
        present === undefined
          ? await endpoints.create(
              {
                ...input,
                ...(values.id === '' ? {} : { id: values.id }),
                ...(workspaceId.value === undefined ? {} : { workspaceId: workspaceId.value }),
              },
              idempotency.header(),
            )
          : await endpoints.put(present, input);
      options.onSaved?.(saved, values.value);
      base.value = saved;
      queryClient.setQueryData([segment, groupId, saved.id], saved);
      await forgetLists();
      void queryClient.invalidateQueries({ queryKey: ['diff', groupId] });
      toasts.success(t('resources.saved', { name: nameOf(segment, saved) }));
      for (const { pointer, message } of saved.warnings ?? []) toasts.info(`${pointer}: ${message}`);
      if (present === undefined) await router.replace({ name: one, params: { groupId, resourceId: saved.id } });
    },
  });
  /** The workspace that it is in, or will be; undefined for the global part of the group. */
  const workspaceId = computed<string | undefined>(() => {
    if (segment === 'global-policies') return undefined;
    return base.value?.workspaceId ?? (form.values.workspaceId || usual.value?.id);
  });
  /** Lists and counts of the kind are read again; the resource itself is known. */
  async function forgetLists(): Promise<void> {
    await Promise.all(
      ['list', 'count'].map((part) => queryClient.invalidateQueries({ queryKey: [segment, groupId, part] })),
    );
  }
  /** Fills the form from a version of the resource. */
  function take(resource: Resource | undefined): void {
    if (resource === undefined) return;
    base.value = resource;
    form.reset(draftOf(resource));
  }
  watch(
    query.data,
    (resource) => {
      const isOlder = resource !== undefined && base.value !== undefined && resource.version < base.value.version;
      if (!form.isDirty.value && !form.isBusy.value && !isOlder) take(resource);
    },
    { immediate: true },
  );

  const bySchema = useRefusals(
    () => schema.value ?? {},
    () => form.values.value,
  );
  const refusals = computed(
    () => new Map([...Object.entries(options.check?.(form.values.value) ?? {}), ...bySchema.value]),
  );
  /** The server’s refusals of the value, by pointers into it. */
  const serverErrors = computed(() =>
    Object.fromEntries(
      Object.entries(form.places.value).map(([pointer, message]) => [pointer.replace(/^\/value/, ''), message]),
    ),
  );
  const allErrors = computed(() => new Map([...Object.entries(serverErrors.value), ...refusals.value]));

  /** Why the first of these members is refused; members that nobody filled in yet are not complained about before saving. */
  function errorAt(...keys: string[]): string | undefined {
    for (const key of keys) {
      const isLookedAt = form.wasSubmitted.value || form.values.value[key] !== undefined;
      for (const [pointer, message] of allErrors.value) {
        if (pointer !== `/${key}` && !pointer.startsWith(`/${key}/`)) continue;
        if (isLookedAt || pointer in serverErrors.value) return message;
      }
    }
    return undefined;
  }

  function setUnreadable(part: string, text: string | undefined): void {
    const { [part]: _, ...others } = unreadable.value;
    unreadable.value = text === undefined ? others : { ...others, [part]: text };
  }

  function set(key: string, next: unknown): void {
    form.values.value = withMember(form.values.value, key, next === '' ? undefined : next);
  }

  const isRefused = computed(
    () => refusals.value.size > 0 || isTextBroken.value || Object.keys(unreadable.value).length > 0,
  );
  async function save(): Promise<void> {
    if (isRefused.value) {
      form.wasSubmitted.value = true;
      return;
    }
    const isNew = id === undefined;
    // Who typed on while it was saved keeps that.
    if ((await form.submit()) && !isNew && !form.isDirty.value) take(base.value);
  }

  async function loadTheirs(): Promise<void> {
    const { data, error } = await query.refetch();
    if (error === null) take(data);
    else toasts.failure(explain(error).sentence);
  }
  async function saveOverTheirs(): Promise<void> {
    const { data, error } = await query.refetch();
    if (error !== null) return toasts.failure(explain(error).sentence);
    base.value = data ?? base.value;
    await save();
  }
  async function remove(how: { force: boolean }): Promise<void> {
    if (query.data.value === undefined) return;
    await endpoints.remove(query.data.value, how);
    form.reset(draftOf(query.data.value));
    await router.replace({ name: segment, params: { groupId } });
    await forgetLists();
    void queryClient.invalidateQueries({ queryKey: ['diff', groupId] });
    toasts.success(t('resources.deleted'));
  }

  return {
    id,
    segment,
    one,
    groupId,
    query,
    schema,
    form,
    endpoints,
    isTextBroken,
    unreadable: (part: string): string | undefined => unreadable.value[part],
    setUnreadable,
    isRefused,
    serverErrors,
    allErrors,
    workspaceId,
    setWorkspace: (next: string) => (form.values.workspaceId = next),
    /** Where what this one refers to stands; undefined where there is only one place. */
    within: () => (areSeveral.value ? workspaceId.value : undefined),
    canWrite: computed(() => may('config.write')),
    value: computed<ResourceValue>({
      get: () => form.values.value,
      set: (next) => (form.values.value = next),
    }),
    title: computed(() =>
      query.data.value === undefined ? undefined : nameOf(segment, { id: id ?? '', value: form.values.value }),
    ),
    textAt: (key: string) => {
      const held = form.values.value[key];
      return typeof held === 'string' || typeof held === 'number' ? held : '';
    },
    objectAt: (key: string): ResourceValue => {
      const held = form.values.value[key];
      return isObject(held) ? held : {};
    },
    errorAt,
    set,
    setId: (next: string) => (form.values.id = next),
    replace: (next: ResourceValue) => (form.values.value = next),
    setTemplate: (reference: TemplateReference | null) => (form.values.policyTemplate = reference),
    save,
    discard: () => (id === undefined ? form.reset(blank()) : take(query.data.value ?? base.value)),
    loadTheirs,
    saveOverTheirs,
    remove,
  };
}

/** What the parts of an edit page work on. */
export type ResourceEditor = ReturnType<typeof useResourceEditor>;
