package dev.tern.seams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.opener.Declaration;
import dev.tern.opener.Declaration.Kind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The declaration file is the whole difference between the released class files and ours. */
class WholeDifferenceTest {

    private static final List<String> ARTIFACTS = Project.ARTIFACTS;

    @ParameterizedTest
    @FieldSource("ARTIFACTS")
    void exactlyTheDeclaredMembersDiffer(String artifact) {
        Map<String, byte[]> released = ClassFiles.of(Project.released(artifact));
        Map<String, byte[]> ours = ClassFiles.of(Project.ours(artifact));
        Set<String> differing = new TreeSet<>();
        released.forEach(
                (path, bytes) -> {
                    byte[] opened = ours.get(path);
                    if (path.endsWith(".class") && !Arrays.equals(bytes, opened)) {
                        differing.addAll(difference(members(bytes), members(opened)));
                    }
                });
        assertThat(differing)
                .as("what differs in %s; a declaration that is not found changes nothing", artifact)
                .containsExactlyInAnyOrderElementsOf(
                        declared(Project.declarations().get(artifact)));
    }

    @ParameterizedTest
    @FieldSource("ARTIFACTS")
    void onlyDeclaredResourcesAreMissingOrReplaced(String artifact) {
        Map<String, byte[]> released = ClassFiles.of(Project.released(artifact));
        Map<String, byte[]> ours = ClassFiles.of(Project.ours(artifact));
        Set<String> changed =
                released.keySet().stream()
                        .filter(path -> !path.endsWith(".class"))
                        .filter(path -> !path.startsWith("META-INF/maven/"))
                        .filter(path -> !path.equals("META-INF/MANIFEST.MF"))
                        .filter(path -> !Arrays.equals(released.get(path), ours.get(path)))
                        .collect(Collectors.toCollection(TreeSet::new));
        Set<String> declared = new TreeSet<>(Set.of("META-INF/NOTICE"));
        Project.declarations().get(artifact).stream()
                .filter(d -> d.kind() == Kind.DROP)
                .forEach(d -> declared.add(d.member()));
        assertThat(changed).isEqualTo(declared);
    }

    @Test
    void theComparisonSeesAMissingMember() {
        Map<String, String> both = Map.of("a.B f", "2:", "a.B g", "2:");
        assertThat(difference(both, Map.of("a.B f", "1:"))).containsExactly("a.B f", "a.B g");
    }

    private static Set<String> difference(Map<String, String> released, Map<String, String> ours) {
        Set<String> all = new TreeSet<>(released.keySet());
        all.addAll(ours.keySet());
        all.removeIf(name -> Objects.equals(released.get(name), ours.get(name)));
        return all;
    }

    private static Set<String> declared(List<Declaration> declarations) {
        return declarations.stream()
                .filter(d -> d.kind() != Kind.DROP)
                .map(d -> (d.className() + " " + d.member()).strip())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Access and code of each member, and of the class itself, by name. */
    private static Map<String, String> members(byte[] bytes) {
        Map<String, String> members = new TreeMap<>();
        ClassReader reader = new ClassReader(bytes);
        String type = reader.getClassName().replace('/', '.');
        reader.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public void visit(
                            int v, int access, String n, String sig, String up, String[] types) {
                        members.put(type, access + " " + up + " " + List.of(types));
                    }

                    @Override
                    public void visitInnerClass(String n, String outer, String inner, int access) {
                        // The same flags stand wherever the class is mentioned; count them once.
                        members.merge(n.replace('/', '.'), "inner " + access, String::concat);
                    }

                    @Override
                    public FieldVisitor visitField(
                            int access, String name, String descriptor, String sig, Object value) {
                        if (!name.equals("serialVersionUID")) {
                            members.put(type + " " + name, access + descriptor);
                        }
                        return null;
                    }

                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String sig, String[] ex) {
                        MethodShape shape = new MethodShape(access + descriptor);
                        return shape.reportingTo(
                                text -> members.merge(type + " " + name, text, String::concat));
                    }
                },
                ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return members;
    }
}
