package dev.tern.opener;

import dev.tern.opener.Declaration.Kind;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Explodes a released jar into a class directory and carries out the declared changes on the way.
 *
 * <p>Arguments: declaration file, released jar, class directory. A stamp over both inputs makes an
 * unchanged build a no-op. Any declaration that does not match exactly one member fails the build.
 */
public final class Opener {

    private static final String STAMP = ".tern-opened";
    private static final String NOTICE = "META-INF/NOTICE";

    private Opener() {}

    public static void main(String[] args) throws IOException {
        if (args.length != 3) {
            throw new IllegalArgumentException(
                    "usage: Opener <declaration file> <released jar> <class directory>");
        }
        open(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]));
    }

    static void open(Path declarationFile, Path jar, Path classes) throws IOException {
        String stamp = stampOf(declarationFile, jar);
        Path stampFile = classes.resolveSibling(classes.getFileName() + STAMP);
        if (Files.exists(classes)
                && Files.exists(stampFile)
                && Files.readString(stampFile).equals(stamp)) {
            return;
        }
        List<Declaration> declarations = DeclarationFile.read(declarationFile);
        Map<String, byte[]> entries = readEntries(jar);
        Map<String, byte[]> opened = apply(declarations, entries);
        String artifact = jar.getFileName().toString().replaceFirst("\\.jar$", "");
        byte[] changes = Notice.ofJar(artifact, declarations).getBytes(StandardCharsets.UTF_8);
        opened.merge(NOTICE, changes, Opener::concatenation);
        for (String name : entries.keySet()) {
            if (!opened.containsKey(name)) {
                // Left over from a build before the file was dropped.
                Files.deleteIfExists(classes.resolve(name));
            }
        }
        for (Map.Entry<String, byte[]> entry : opened.entrySet()) {
            Path target = classes.resolve(entry.getKey());
            Files.createDirectories(target.getParent());
            Files.write(target, entry.getValue());
        }
        Files.writeString(stampFile, stamp);
        System.out.printf(
                "opened %s: %d declarations, %d of %d classes changed%n",
                jar.getFileName(),
                declarations.size(),
                changedClasses(declarations).size(),
                entries.keySet().stream().filter(name -> name.endsWith(".class")).count());
    }

    /** Applies the declarations to the entries of a jar; the result has the same order. */
    static Map<String, byte[]> apply(List<Declaration> declarations, Map<String, byte[]> entries) {
        ClassIndex index = ClassIndex.of(entries);
        Matching.requireExactlyOneEach(declarations, index, entries);
        AccidentalOverrides.refuse(declarations, index);

        Map<String, List<Declaration>> byOwner =
                declarations.stream()
                        .filter(d -> d.kind() != Kind.DROP)
                        .collect(Collectors.groupingBy(Declaration::owner));
        Set<String> openedTypes =
                declarations.stream()
                        .filter(d -> d.kind() == Kind.TYPE)
                        .map(Declaration::owner)
                        .collect(Collectors.toSet());
        Map<String, byte[]> result = new LinkedHashMap<>(entries);
        declarations.stream()
                .filter(d -> d.kind() == Kind.DROP)
                .forEach(d -> result.remove(d.member()));
        result.replaceAll(
                (name, bytes) -> {
                    if (!name.endsWith(".class")) {
                        return bytes;
                    }
                    String owner = name.substring(0, name.length() - ".class".length());
                    return ClassRewriter.rewrite(
                            bytes,
                            byOwner.getOrDefault(owner, List.of()),
                            openedTypes,
                            index.mayBeSerializable(owner));
                });
        return result;
    }

    /** Names of the classes that some declaration changes, sorted. */
    public static Set<String> changedClasses(List<Declaration> declarations) {
        return declarations.stream()
                .filter(d -> d.kind() != Kind.DROP)
                .map(Declaration::className)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static Map<String, byte[]> readEntries(Path jar) throws IOException {
        Map<String, byte[]> entries = new TreeMap<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (!entry.isDirectory() && !entry.getName().equals("META-INF/MANIFEST.MF")) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        entries.put(entry.getName(), in.readAllBytes());
                    }
                }
            }
        }
        return entries;
    }

    private static byte[] concatenation(byte[] first, byte[] second) {
        byte[] result = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, result, first.length, second.length);
        return result;
    }

    /** SHA-256 over everything the result depends on, this program included. */
    private static String stampOf(Path declarationFile, Path jar) throws IOException {
        MessageDigest digest;
        URI self;
        try {
            digest = MessageDigest.getInstance("SHA-256");
            self = Opener.class.getProtectionDomain().getCodeSource().getLocation().toURI();
        } catch (NoSuchAlgorithmException | URISyntaxException e) {
            throw new IllegalStateException("every JDK has SHA-256 and a valid code source", e);
        }
        for (Path root : List.of(declarationFile, jar, Path.of(self))) {
            // The walk of a plain file is that file; a directory of classes is read in order.
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    digest.update(Files.readAllBytes(file));
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
