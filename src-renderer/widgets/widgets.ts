import type { WidgetKind } from '#shared/node-spec';
import { ColumnsWidget, ColumnWidget, StringsWidget } from './columns.tsx';
import { ConnectionWidget } from './connection.tsx';
import { ExpressionWidget } from './expression.tsx';
import { JsonWidget } from './json.tsx';
import { ListWidget, MapWidget, VariantsWidget } from './lists.tsx';
import { PathWidget } from './path.tsx';
import { RowsWidget } from './rows.tsx';
import { BooleanWidget, MultilineWidget, NumberWidget, SelectWidget, TextWidget } from './simple.tsx';
import type { WidgetOf } from './widget.ts';

/** One component a kind of widget: a new kind in #shared/node-spec does not compile until it is answered here. */
export const widgets: { readonly [K in WidgetKind]: WidgetOf<K> } = {
  text: TextWidget,
  multiline: MultilineWidget,
  number: NumberWidget,
  boolean: BooleanWidget,
  select: SelectWidget,
  expression: ExpressionWidget,
  column: ColumnWidget,
  columns: ColumnsWidget,
  path: PathWidget,
  strings: StringsWidget,
  map: MapWidget,
  list: ListWidget,
  variants: VariantsWidget,
  rows: RowsWidget,
  connection: ConnectionWidget,
  json: JsonWidget,
};
