/** Messages and events as text: the summary that their protocol gives, or else all fields. */
import type { EventMoment, MessageMoment, Wording } from '../seam/moment.ts';
import { cutText, detailsMost, fieldsText, labelMost } from './data-text.ts';

type Sent = Pick<MessageMoment, 'from' | 'body'>;

/** The summary of a message, without its type: `term 2, 1 entry after 3`. */
export function messageDetails(
  message: Sent,
  wording: Wording,
  most = detailsMost,
): string {
  const { from, body } = message;
  const summary = wording.message(from, body);
  return summary === undefined ? allFields(message, wording, most) : cutText(summary, most);
}

/** All fields of a message: `term 2, candidateId n3, entries [{term: 2, command: …}]`. */
export function allFields({ body }: Sent, { units }: Wording, most = detailsMost): string {
  const { type, ...fields } = body;
  return fieldsText(fields, units, { most, nameless: type });
}

/** `AppendEntries term 2, 1 entry after 3`. */
export function messageLabel(message: Sent, wording: Wording, most = labelMost): string {
  const details = messageDetails(message, wording, most);
  return details === '' ? message.body.type : `${message.body.type} ${details}`;
}

/** The fields of an event, or the summary that its protocol gives: `from 1 to 2`. */
export function eventDetails(event: EventMoment, wording: Wording, most = detailsMost): string {
  const summary = wording.event(event);
  if (summary !== undefined) return cutText(summary, most);
  return fieldsText(event.fields, wording.units, { most });
}

/** `TermChanged from 1 to 2`. */
export function eventLabel(event: EventMoment, wording: Wording, most = detailsMost): string {
  const details = eventDetails(event, wording, most);
  return details === '' ? event.name : `${event.name} ${details}`;
}
