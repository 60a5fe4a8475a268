package dev.tern.seams;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

import java.util.Set;
import java.util.TreeSet;

/** What comes over the transfer channel is never handed to Java's deserialization. */
class NetworkBytesTest {

    /** What handles bytes of other processes, beginning with the sockets. */
    private static final Set<String> PACKAGES =
            Set.of(
                    "dev/tern/rescale/transfer/",
                    "dev/tern/streaming/handover/",
                    "dev/tern/streaming/state/");

    private static final Set<String> DESERIALIZATION =
            Set.of(
                    "java/io/ObjectInputStream",
                    "org/apache/flink/util/InstantiationUtil",
                    "org/apache/flink/util/SerializedValue",
                    "org/apache/flink/util/SerializedThrowable");

    @Test
    void noneIsDeserializedByJava() {
        Set<String> looked = new TreeSet<>();
        Set<String> calls = new TreeSet<>();
        for (String artifact : Project.ARTIFACTS) {
            ClassFiles.of(Project.ours(artifact))
                    .forEach(
                            (path, bytes) -> {
                                if (path.endsWith(".class")
                                        && PACKAGES.stream().anyMatch(path::startsWith)) {
                                    looked.add(path);
                                    new ClassReader(bytes)
                                            .accept(new Calls(path, calls), ClassReader.SKIP_DEBUG);
                                }
                            });
        }
        assertThat(looked).anyMatch(path -> path.endsWith("/FrameDecoder.class"));
        assertThat(looked).anyMatch(path -> path.endsWith("/UnitDecoder.class"));
        assertThat(calls).isEmpty();
    }

    private static final class Calls extends ClassVisitor {

        private final String path;
        private final Set<String> calls;

        Calls(String path, Set<String> calls) {
            super(Opcodes.ASM9);
            this.path = path;
            this.calls = calls;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitMethodInsn(
                        int opcode, String owner, String method, String of, boolean ofInterface) {
                    if (DESERIALIZATION.contains(owner)) {
                        calls.add(path + " " + name + " calls " + owner + "#" + method);
                    }
                }
            };
        }
    }
}
