import { WireReader } from '../codec/wireReader.ts';
import { WireWriter } from '../codec/wireWriter.ts';
import type { Graph } from '../graph/model.ts';

/** What PyTorch knew of a tensor that it exported. */
export type SignatureKind = 'PARAMETER' | 'BUFFER' | 'CONSTANT_TENSOR';

const key = 'pkg.torch.export.ExportedProgram.graph_signature';

/**
 * The tensors that the graph's metadata tells apart, by name: PyTorch's default exporter writes there
 * `p_fc_weight: PARAMETER target='fc.weight'`. Empty for files of others.
 */
export function exportSignature({ extra }: Pick<Graph, 'extra'>): ReadonlyMap<string, SignatureKind> {
  const text = extra === undefined ? '' : metadata(extra, key);
  const lines = text.matchAll(/^\S+: (PARAMETER|BUFFER|CONSTANT_TENSOR) target='([^'\n]*)'/gm);
  return new Map(Array.from(lines, ([, kind, name]) => [name!, kind as SignatureKind]));
}

/** The graph's metadata with the signature alone, of the tensors that are still there; undefined where the file has none. */
export function signatureFor(extra: Uint8Array | undefined, kept: ReadonlySet<string>): Uint8Array | undefined {
  const text = extra === undefined ? '' : metadata(extra, key);
  if (text === '') return undefined;
  const lines = text.split('\n').filter((line) => {
    const target = / target='([^']*)'/.exec(line)?.[1];
    return target === undefined || kept.has(target);
  });
  const w = new WireWriter();
  w.message(16, (entry) => {
    entry.string(1, key);
    entry.string(2, lines.join('\n'));
  });
  return w.finish();
}

/** An entry of GraphProto.metadata_props (field 16: messages of a key and a value). */
function metadata(extra: Uint8Array, wanted: string): string {
  const graph = new WireReader(extra);
  while (graph.next()) {
    if (graph.field !== 16) graph.raw();
    else {
      const entry = graph.message('metadata_props');
      let [name, value] = ['', ''];
      while (entry.next()) {
        if (entry.field === 1) name = entry.string();
        else if (entry.field === 2) value = entry.string();
        else entry.raw();
      }
      if (name === wanted) return value;
    }
  }
  return '';
}
