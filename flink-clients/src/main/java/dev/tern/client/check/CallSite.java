package dev.tern.client.check;

import javax.annotation.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A line of a program, and what is called there.
 *
 * @param file name of the source file, without directories
 * @param line number of the line
 * @param call name of the method that is called
 */
record CallSite(String file, int line, String call) {

    /**
     * A frame of a stack.
     *
     * @param type name of the class
     * @param ofProgram whether the class is from the jar of the program
     * @param file name of the source file; null if the class does not tell
     * @param line number of the line; negative if the class does not tell
     */
    record Frame(
            String type, String method, boolean ofProgram, @Nullable String file, int line) {}

    private static final String FLINK = "org.apache.flink.";

    /** Classes that are of no program, if they are not in its jar. */
    private static final Set<String> FOREIGN =
            Set.of(
                    FLINK,
                    "dev.tern.client.",
                    "java.",
                    "javax.",
                    "jdk.",
                    "sun.",
                    "com.sun.",
                    "org.apache.calcite.",
                    "scala.");

    private static final StackWalker WALKER =
            StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    /**
     * The line that is being executed on this thread.
     *
     * @param ofProgram whether a class is from the jar of the program
     */
    static Optional<CallSite> here(Predicate<Class<?>> ofProgram) {
        return WALKER.walk(
                frames ->
                        of(
                                frames.map(
                                                frame ->
                                                        new Frame(
                                                                frame.getClassName(),
                                                                frame.getMethodName(),
                                                                ofProgram.test(
                                                                        frame.getDeclaringClass()),
                                                                frame.getFileName(),
                                                                frame.getLineNumber()))
                                        .toList()));
    }

    /**
     * The innermost line of the program in a stack. A jar may bring classes of Flink along, such as
     * connectors; they count only if the whole program is one of Flink's, as its examples are.
     *
     * @param stack innermost frame first
     */
    static Optional<CallSite> of(List<Frame> stack) {
        return innermost(stack, frame -> frame.ofProgram() && !frame.type().startsWith(FLINK))
                .or(() -> innermost(stack, Frame::ofProgram))
                .or(
                        () ->
                                innermost(
                                        stack,
                                        frame ->
                                                FOREIGN.stream()
                                                        .noneMatch(frame.type()::startsWith)));
    }

    private static Optional<CallSite> innermost(List<Frame> stack, Predicate<Frame> wanted) {
        return IntStream.range(1, stack.size())
                .filter(i -> wanted.test(stack.get(i)))
                .mapToObj(i -> site(stack.get(i), stack.get(i - 1).method()))
                .findFirst();
    }

    private static CallSite site(Frame frame, String call) {
        String simple = frame.type().substring(frame.type().lastIndexOf('.') + 1);
        return new CallSite(
                frame.file() == null ? simple + "." + frame.method() : frame.file(),
                frame.line(),
                call);
    }

    @Override
    public String toString() {
        return line > 0
                ? String.format("%s:%d: .%s(...)", file, line, call)
                : String.format("%s: .%s(...)", file, call);
    }
}
