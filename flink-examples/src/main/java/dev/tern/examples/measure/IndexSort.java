package dev.tern.examples.measure;

/** Sorts indexes instead of objects: logs of millions of entries, without boxing. */
final class IndexSort {

    /** Compares two positions of a column store. */
    @FunctionalInterface
    interface Order {
        int compare(int left, int right);
    }

    private IndexSort() {}

    /** The indexes 0 to size - 1, stably sorted. */
    static int[] sorted(int size, Order order) {
        int[] from = new int[size];
        for (int i = 0; i < size; i++) {
            from[i] = i;
        }
        int[] to = new int[size];
        for (int width = 1; width > 0 && width < size; width *= 2) {
            for (int start = 0; start < size; ) {
                int middle = (int) Math.min((long) start + width, size);
                int end = (int) Math.min((long) middle + width, size);
                merge(from, to, start, middle, end, order);
                start = end;
            }
            int[] swap = from;
            from = to;
            to = swap;
        }
        return from;
    }

    private static void merge(int[] from, int[] to, int start, int middle, int end, Order order) {
        int left = start;
        int right = middle;
        for (int i = start; i < end; i++) {
            boolean takeLeft =
                    right == end || (left < middle && order.compare(from[left], from[right]) <= 0);
            to[i] = takeLeft ? from[left++] : from[right++];
        }
    }
}
