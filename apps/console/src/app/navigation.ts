import {
  BookUser,
  ChartNoAxesCombined,
  Cable,
  CircleCheckBig,
  Contact,
  FlaskConical,
  GitCompareArrows,
  Globe,
  History,
  KeySquare,
  LayoutDashboard,
  LayoutTemplate,
  Network,
  Package,
  Palette,
  ReceiptText,
  Route,
  ScrollText,
  ServerCog,
  Settings,
  Shapes,
  Split,
  Users,
  UsersRound,
} from '@lucide/vue';
import type { Component } from 'vue';
import type { Permission } from './session.ts';

/** One place of the navigation. `inGroup` places belong to the gateway group that is chosen. */
export interface Place {
  /** Name of its route and key of its text, `nav.<route>`. */
  readonly route: string;
  readonly icon: Component;
  readonly permission: Permission;
  readonly inGroup?: boolean;
}

/** Navigation by noun, in sections; a section's text is `nav.sections.<key>`. */
export const sections: readonly { readonly key: string; readonly places: readonly Place[] }[] = [
  {
    key: 'start',
    places: [
      { route: 'overview', icon: LayoutDashboard, permission: 'projects.read' },
      { route: 'gateway-groups', icon: ServerCog, permission: 'gateways.read' },
    ],
  },
  {
    key: 'apis',
    places: [
      { route: 'services', icon: Shapes, permission: 'config.read', inGroup: true },
      { route: 'routes', icon: Route, permission: 'config.read', inGroup: true },
      { route: 'upstreams', icon: Split, permission: 'config.read', inGroup: true },
      { route: 'stream-routes', icon: Cable, permission: 'config.read', inGroup: true },
      { route: 'consumers', icon: Contact, permission: 'config.read', inGroup: true },
      { route: 'consumer-groups', icon: BookUser, permission: 'config.read', inGroup: true },
      { route: 'global-policies', icon: Globe, permission: 'config.read', inGroup: true },
      { route: 'changes', icon: GitCompareArrows, permission: 'config.read', inGroup: true },
      { route: 'revisions', icon: History, permission: 'gateways.read', inGroup: true },
      { route: 'try', icon: FlaskConical, permission: 'config.read', inGroup: true },
    ],
  },
  {
    key: 'policies',
    places: [
      { route: 'policy-templates', icon: LayoutTemplate, permission: 'policies.read' },
      { route: 'policy-catalogue', icon: Network, permission: 'policies.read' },
    ],
  },
  {
    key: 'portal',
    places: [
      { route: 'products', icon: Package, permission: 'portal.read' },
      { route: 'approvals', icon: CircleCheckBig, permission: 'portal.read' },
      { route: 'developers', icon: UsersRound, permission: 'portal.read' },
      { route: 'portal-site', icon: Palette, permission: 'portal.read' },
    ],
  },
  {
    key: 'insight',
    places: [
      { route: 'analytics', icon: ChartNoAxesCombined, permission: 'analytics.read' },
      { route: 'billing', icon: ReceiptText, permission: 'billing.read' },
    ],
  },
  {
    key: 'organisation',
    places: [
      { route: 'members', icon: Users, permission: 'members.read' },
      { route: 'tokens', icon: KeySquare, permission: 'tokens.write' },
      { route: 'audit', icon: ScrollText, permission: 'audit.read' },
      { route: 'settings', icon: Settings, permission: 'tenant.read' },
    ],
  },
];
