import type { components } from '@tollgate/client';
import { computed } from 'vue';
import { useI18n } from 'vue-i18n';

export type Member = components['schemas']['Member'];
export type Invitation = components['schemas']['Invitation'];
export type Role = Member['role'];

/** From the one that may do most. */
export const roles = ['owner', 'admin', 'editor', 'viewer'] as const satisfies readonly Role[];

/** Roles as choices, with what each may do. Nobody gives a role beyond their own. */
export function useRoles(own: () => Role | null | undefined) {
  const { t } = useI18n();
  return computed(() =>
    roles.map((value) => ({
      value,
      label: t(`members.roles.${value}`),
      hint: t(`members.roleHints.${value}`),
      disabled: value === 'owner' && own() !== 'owner',
    })),
  );
}
