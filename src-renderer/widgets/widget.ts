import { createContext, useContext } from 'react';
import type { ComponentType } from 'react';
import type { Column } from '#shared/data';
import type { Json, JsonObject } from '#shared/json';
import type { Param, Widget, WidgetKind } from '#shared/node-spec';

/** What a widget gets: its part of the spec, the value as it stands in the file, and where it is in the config. */
export interface WidgetProps<K extends WidgetKind = WidgetKind> {
  readonly widget: Extract<Widget, { kind: K }>;
  readonly param: Param;
  /** Of the control, for its label. */
  readonly id: string;
  /** Its path in the config: `columns[2].expression`, as problems name it. */
  readonly path: string;
  readonly value: Json | undefined;
  /** undefined takes the value out of the file, so that the default holds. */
  readonly onChange: (value: Json | undefined) => void;
  readonly invalid: boolean;
}
export type WidgetOf<K extends WidgetKind> = ComponentType<WidgetProps<K>>;

/** How an expression did on the first rows. */
export type Tried = { readonly kind: 'ok'; readonly type: string; readonly values: readonly (string | null)[] } | { readonly kind: 'error'; readonly message: string };

/** What all fields of one node's form share. */
export interface Form {
  /** One component a kind of widget; here, because a list's fields are widgets again. */
  readonly widgets: { readonly [K in WidgetKind]: WidgetOf<K> };
  /** Columns that come in, over all inputs. */
  readonly columns: readonly Column[];
  /** The sentence about the field at a path, or (`within`) about one of its items; or null. */
  readonly problemAt: (path: string, within?: boolean) => string | null;
  readonly tryExpression: (text: string, scope: 'condition' | 'scalar' | 'query') => Promise<Tried>;
  /** Anything that changes when a tried expression may give something else. */
  readonly meaning: unknown;
  readonly nativeDialogs: boolean;
}
export const FormContext = createContext<Form | null>(null);

/** The form a field stands in. */
export function useForm(): Form {
  const form = useContext(FormContext);
  if (form === null) throw new Error('A field stands outside of a form.');
  return form;
}

/** A value as a text field shows it. */
export const textOf = (value: Json | undefined): string => (value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value));
/** A value as a list of objects; whatever else stood in the file is left out. */
export const objectsOf = (value: Json | undefined): readonly JsonObject[] => (Array.isArray(value) ? value.filter((item): item is JsonObject => isObject(item)) : []);
/** A value as a list of texts. */
export const textsOf = (value: Json | undefined): readonly string[] => (Array.isArray(value) ? value.map((item: Json) => textOf(item)) : typeof value === 'string' && value !== '' ? [value] : []);
export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
/** A default as a placeholder. */
export const placeholderOf = (param: Param, own?: string): string | undefined => own ?? (param.default === undefined || param.default === null ? undefined : textOf(param.default));
