package dev.tern.opener;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the classes of a jar declare, by internal name: enough to check declarations against. */
final class ClassIndex {

    /** A field or method as declared. */
    record Member(int access, String name, String descriptor) {}

    /** A class as declared. */
    record Entry(
            String name,
            String superName,
            List<String> interfaces,
            List<Member> fields,
            List<Member> methods) {}

    private final Map<String, Entry> byName;

    private ClassIndex(Map<String, Entry> byName) {
        this.byName = byName;
    }

    static ClassIndex of(Map<String, byte[]> entries) {
        Map<String, Entry> byName = new HashMap<>();
        entries.forEach(
                (path, bytes) -> {
                    if (path.endsWith(".class")) {
                        Entry entry = read(bytes);
                        byName.put(entry.name(), entry);
                    }
                });
        return new ClassIndex(byName);
    }

    /** The class, or null when the jar does not have it. */
    Entry get(String name) {
        return byName.get(name);
    }

    /** All classes of the jar that extend the given one, directly or not. */
    List<Entry> subclassesOf(String name) {
        List<Entry> result = new ArrayList<>();
        for (Entry entry : byName.values()) {
            for (String s = entry.superName(); s != null; s = superOf(s)) {
                if (s.equals(name)) {
                    result.add(entry);
                    break;
                }
            }
        }
        return result;
    }

    /**
     * Whether the class may be Serializable. Supertypes that the jar does not have are taken to be,
     * because a serialVersionUID too many does no harm and one too few does.
     */
    boolean mayBeSerializable(String name) {
        return mayBeSerializable(name, new HashSet<>());
    }

    private boolean mayBeSerializable(String name, Set<String> seen) {
        if (name == null || name.equals("java/lang/Object") || !seen.add(name)) {
            return false;
        }
        Entry entry = byName.get(name);
        return entry == null
                || mayBeSerializable(entry.superName(), seen)
                || entry.interfaces().stream().anyMatch(i -> mayBeSerializable(i, seen));
    }

    private String superOf(String name) {
        Entry entry = byName.get(name);
        return entry == null ? null : entry.superName();
    }

    private static Entry read(byte[] bytes) {
        List<Member> fields = new ArrayList<>();
        List<Member> methods = new ArrayList<>();
        ClassReader reader = new ClassReader(bytes);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public FieldVisitor visitField(
                            int access, String name, String descriptor, String sig, Object value) {
                        fields.add(new Member(access, name, descriptor));
                        return null;
                    }

                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String sig, String[] ex) {
                        methods.add(new Member(access, name, descriptor));
                        return null;
                    }
                },
                ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return new Entry(
                reader.getClassName(),
                reader.getSuperName(),
                List.of(reader.getInterfaces()),
                fields,
                methods);
    }
}
