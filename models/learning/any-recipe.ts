import type { Breach } from '../errors.ts';
import { isNetworkKind, NETWORK_KINDS } from './network/network-kinds.ts';
import { type NetworkRecipe, parseNetworkRecipe } from './network/network-recipe.ts';
import { parseRecipe, type Recipe, TRAINED_KINDS } from './recipe.ts';
import { TrainingRefused } from './training-refused.ts';

/** A recipe that says that PyTorch trains. */
export type StatedNetwork = NetworkRecipe & Required<Pick<NetworkRecipe, 'kind'>>;
/** How to learn from a table, by a kind of ours or by a network. */
export type AnyRecipe = Recipe | StatedNetwork;

/** Whether a value asks for a network, whatever else it says. */
export const asksForNetwork = (value: unknown): boolean => isNetworkKind(kindOf(value) as string | undefined);

const kindOf = (value: unknown): unknown => (value as { readonly kind?: unknown } | null | undefined)?.kind;

const KINDS: readonly unknown[] = [...TRAINED_KINDS, ...NETWORK_KINDS];

/** What is wrong with a recipe whose kind is neither one of ours nor a network's: the schema of either would tell half of them. */
export function strangeKind(value: unknown, where: string): Breach | undefined {
  const kind = kindOf(value);
  if (kind === undefined || KINDS.includes(kind)) return undefined;
  return { where: `${where}.kind`, rule: `must be one of ${KINDS.join(', ')}`, found: kind };
}

export const isNetworkRecipe = (recipe: AnyRecipe): recipe is StatedNetwork => asksForNetwork(recipe);

/** @throws TrainingRefused naming the option, its rule and the value */
export function parseAnyRecipe(value: unknown, where: string): AnyRecipe {
  const strange = strangeKind(value, where);
  if (strange) throw new TrainingRefused(strange);
  return asksForNetwork(value) ? (parseNetworkRecipe(value, where) as StatedNetwork) : parseRecipe(value, where);
}
