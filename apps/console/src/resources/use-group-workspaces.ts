import { computed } from 'vue';
import { useWorkspaces } from '../app/use-workspaces.ts';
import { useGroupId } from './use-resources.ts';

/** The name of the workspace that every gateway group begins with. */
const usualName = 'default';

/** The workspaces of the group in the address. Where there is only one, nobody needs to hear of it. */
export function useGroupWorkspaces() {
  const { data, names } = useWorkspaces(useGroupId());
  const workspaces = computed(() => data.value ?? []);
  return {
    workspaces,
    /** By id. */
    names,
    areSeveral: computed(() => workspaces.value.length > 1),
    /** Where what is made goes unless told otherwise. */
    usual: computed(() => workspaces.value.find(({ name }) => name === usualName) ?? workspaces.value[0]),
  };
}
