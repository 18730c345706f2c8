import { initializerRoles } from '../roles/initializerRoles.ts';

/**
 * The initializers that are parameters of a model: those that the file calls so, else those that stand where operators take weights, biases,
 * scales, embeddings and recurrent matrices; see {@link initializerRoles}.
 */
export const parameterNames = (graph: Parameters<typeof initializerRoles>[0]): readonly string[] =>
  initializerRoles(graph).flatMap(({ name, trained }) => (trained ? [name] : []));
