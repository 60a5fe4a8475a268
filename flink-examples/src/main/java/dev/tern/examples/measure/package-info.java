/**
 * What a run of an example job leaves behind, and how figures are computed from it.
 *
 * <p><b>Arrival log.</b> Every attempt of every sink subtask appends to one file of its own in the
 * job's {@code --latencyDir}:
 *
 * <pre>arrivals-&lt;sink subtask&gt;-&lt;attempt&gt;-&lt;start, epoch ms&gt;.bin</pre>
 *
 * <p>A file is a plain sequence of 48-byte big-endian entries, without a header:
 *
 * <pre>
 *  offset  type  field            meaning
 *       0  long  recordId         identity of the input record: 0, 1, 2, ... without holes when the
 *                                 job generates or replays its input (words are counted, not lines)
 *       8  long  keyHash          the key itself when it is a number, else Words.hash(word)
 *      16  long  perKeyCount      how many records of this key the keyed state has seen, this included
 *      24  long  scheduledMicros  when the record was due at the source, microseconds since 1970
 *      32  long  outputMicros     when the sink saw it, microseconds since 1970
 *      40  int   counterSubtask   subtask of the keyed vertex that processed it
 *      44  int   channel          the ordered path it took; order is promised within (channel, key)
 * </pre>
 *
 * <p>Entries are buffered and reach the file at most 100 ms later and on close. A process killed in
 * the middle of a write leaves a torn last entry, which readers ignore; entries that were still
 * buffered are gone, so a killed sink shows as lost output only if nothing replays it.
 *
 * <p><b>schedule.properties</b> in the same directory holds the {@link
 * dev.tern.examples.measure.Schedule} that the source follows. A restored source keeps its
 * schedule, so records that are replayed after a failure are measured from when they were first
 * due.
 *
 * <p><b>Time.</b> All processes of a run share one host and its wall clock. Spans are half open, in
 * epoch microseconds. A record belongs to the span in which it was <em>scheduled</em> when latency
 * is asked for, and to the span in which it was <em>first output</em> when throughput or gaps are
 * asked for.
 *
 * <p><b>First and last output.</b> Output repeated after a restart counts once for latency (the
 * first) and is reported as duplicated. State is judged by the last output of each record, because
 * that one belongs to the history which the restored state continues.
 *
 * <p>{@link dev.tern.examples.measure.Analyze} is the command line of all this; {@link
 * dev.tern.examples.measure.RunAnalysis} and {@link dev.tern.examples.measure.RunFigures} the API.
 */
package dev.tern.examples.measure;
