import { isNetworkKind } from './network/network-kinds.ts';
import { type NetworkRecipe, parseNetworkRecipe } from './network/network-recipe.ts';
import { parseRecipe, type Recipe } from './recipe.ts';

/** A recipe that says that PyTorch trains. */
export type StatedNetwork = NetworkRecipe & Required<Pick<NetworkRecipe, 'kind'>>;
/** How to learn from a table, by a kind of ours or by a network. */
export type AnyRecipe = Recipe | StatedNetwork;

/** Whether a value asks for a network, whatever else it says. */
export const asksForNetwork = (value: unknown): boolean =>
  isNetworkKind((value as { readonly kind?: string } | null | undefined)?.kind);

export const isNetworkRecipe = (recipe: AnyRecipe): recipe is StatedNetwork => asksForNetwork(recipe);

/** @throws TrainingRefused naming the option, its rule and the value */
export const parseAnyRecipe = (value: unknown, where: string): AnyRecipe =>
  asksForNetwork(value) ? (parseNetworkRecipe(value, where) as StatedNetwork) : parseRecipe(value, where);
