import type { ConnectionKind } from '#shared/connections/connection';
import type { Json } from '#shared/json';

/** A text in the window's two languages. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

export const NODE_KINDS = ['source', 'transform', 'sink', 'flow'] as const;
export type NodeKind = (typeof NODE_KINDS)[number];

/** Where edges attach. An input that takes `many` edges reads them as one: UNION ALL BY NAME. */
export interface Port {
  readonly name: string;
  readonly label: Text;
  /** Inputs only: may several edges end here? Default false. */
  readonly many?: boolean;
  /** Inputs only: may it stay unconnected? Default false. */
  readonly optional?: boolean;
}

/** How a parameter is asked for. A form is data: the window has one component a kind. */
export type Widget =
  | { readonly kind: 'text'; readonly placeholder?: string; readonly pattern?: string; readonly maxLength?: number }
  /** With a language it is an editor with its colours. */
  | { readonly kind: 'multiline'; readonly placeholder?: string; readonly language?: 'sql' }
  | { readonly kind: 'number'; readonly min?: number; readonly max?: number; readonly integer?: boolean; readonly step?: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'select'; readonly options: readonly { readonly value: string; readonly label: Text }[] }
  /** A SQL expression over the columns of the node's input (`condition`: boolean; `scalar`: a value; `query`: a SELECT over `input`). */
  | { readonly kind: 'expression'; readonly scope: 'condition' | 'scalar' | 'query'; readonly placeholder?: string }
  /** One column of the input. */
  | { readonly kind: 'column' }
  /** Several columns of the input: string[]. */
  | { readonly kind: 'columns' }
  | { readonly kind: 'path'; readonly mode: 'open' | 'save' | 'folder'; readonly glob?: boolean; readonly extensions?: readonly string[] }
  /** Strings: string[], typed as tags, or some of `options`. */
  | { readonly kind: 'strings'; readonly placeholder?: string; readonly options?: readonly { readonly value: string; readonly label: Text }[] }
  /** Name → text: Record<string, string>. */
  | { readonly kind: 'map'; readonly keyLabel: Text; readonly valueLabel: Text }
  /** Objects of one shape: Record<string, Json>[]. */
  | { readonly kind: 'list'; readonly item: readonly Param[]; readonly addLabel: Text }
  /** Objects of several shapes told apart by the text in `tag`. */
  | { readonly kind: 'variants'; readonly tag: string; readonly variants: readonly Variant[]; readonly addLabel: Text }
  /** Rows typed or pasted: an array of objects or of scalars, or text in CSV or JSON. */
  | { readonly kind: 'rows' }
  /** The name of a connection of one of these kinds. */
  | { readonly kind: 'connection'; readonly kinds: readonly ConnectionKind[] }
  /** Any JSON, edited as text. */
  | { readonly kind: 'json' };
export type WidgetKind = Widget['kind'];

export interface Variant {
  readonly value: string;
  readonly label: Text;
  readonly params: readonly Param[];
}

/** One field of a node's config. It has a default, or it is required. */
export interface Param {
  readonly name: string;
  readonly label: Text;
  /** One sentence. */
  readonly help: Text;
  readonly widget: Widget;
  readonly required?: boolean;
  readonly default?: Json;
  /** Folded away under "More" in the form. */
  readonly advanced?: boolean;
  /** Shown, and checked, only while another parameter has one of these values. */
  readonly visibleWhen?: { readonly param: string; readonly equals: readonly Json[] };
}

/** What a node is: pure data, the same in the engine, the window and the documentation. `type` and `nodeType` together name it. */
export interface NodeSpec {
  readonly type: NodeKind;
  readonly nodeType: string;
  readonly label: Text;
  /** One sentence: what it does. */
  readonly summary: Text;
  /** A lucide icon's name in kebab-case. */
  readonly icon: string;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly params: readonly Param[];
  /** Further words the palette's search finds it by. */
  readonly keywords?: readonly string[];
  /** Does running it twice give the same rows (sources), or the same effect (sinks)? */
  readonly repeatable: boolean;
}

/** The key of a node type in every table: `sink/file.text`. */
export type NodeKey = `${NodeKind}/${string}`;
export const nodeKey = (node: { readonly type: NodeKind; readonly nodeType: string }): NodeKey => `${node.type}/${node.nodeType}`;
