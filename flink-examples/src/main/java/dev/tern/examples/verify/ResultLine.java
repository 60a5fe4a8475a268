package dev.tern.examples.verify;

/**
 * A result as a job writes it.
 *
 * @param sequence the how-manieth result of the key, from 1; 0 if the job does not number them
 * @param recordId the record that the result stands for
 */
public record ResultLine(String key, long sequence, long recordId, String value) {

    /** Reads a line. */
    static ResultLine parse(String line) {
        String[] fields = line.split("\t", 4);
        if (fields.length < 4) {
            throw new IllegalArgumentException(
                    "A result must be key, sequence, record id and value, got '" + line + "'.");
        }
        return new ResultLine(
                fields[0], Long.parseLong(fields[1]), Long.parseLong(fields[2]), fields[3]);
    }

    /** The line for the files. */
    public String text() {
        return key + '\t' + sequence + '\t' + recordId + '\t' + value;
    }
}
