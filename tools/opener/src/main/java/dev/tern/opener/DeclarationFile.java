package dev.tern.opener;

import dev.tern.opener.Declaration.Kind;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the declaration file, the whole difference between a released Flink jar and ours.
 *
 * <pre>
 * # comment
 * ## a section of the generated page docs/SEAMS.md
 * drop META-INF/x                              : reason
 * class org.apache.flink.Foo
 *   type                                       : reason
 *   field [volatile] name                      : reason
 *   method name[(descriptor)V]                 : reason
 *   constructor [(descriptor)V]                : reason
 *   enter name -> dev.tern.Hooks#target        : reason
 *   intercept name -> dev.tern.Hooks#target    : reason
 *   exit name -> dev.tern.Hooks#target         : reason
 *   redirect name new a.B -> dev.tern.C        : reason
 * </pre>
 */
public final class DeclarationFile {

    private static final Pattern LINE = Pattern.compile("(?<what>.+?)\\s+:(\\s+(?<reason>.*))?");
    private static final Pattern HOOK =
            Pattern.compile("(enter|intercept|exit) (\\S+) -> (\\S+)#(\\S+)");
    private static final Pattern REDIRECT =
            Pattern.compile("redirect (\\S+) new (\\S+) -> (\\S+)");

    private final List<Declaration> declarations = new ArrayList<>();
    private String section = "";
    private String owner;

    private DeclarationFile() {}

    /** Parses the file; the first malformed line stops with its number. */
    public static List<Declaration> read(Path file) throws IOException {
        return parse(Files.readAllLines(file));
    }

    static List<Declaration> parse(List<String> lines) {
        DeclarationFile file = new DeclarationFile();
        for (int i = 0; i < lines.size(); i++) {
            file.accept(lines.get(i).strip(), i + 1);
        }
        return List.copyOf(file.declarations);
    }

    private void accept(String line, int number) {
        if (line.startsWith("## ")) {
            section = line.substring("## ".length()).strip();
        } else if (line.startsWith("class ")) {
            owner = internalName(line.substring("class ".length()).strip());
        } else if (!line.isEmpty() && !line.startsWith("#")) {
            declarations.add(member(line, number));
        }
    }

    private Declaration member(String line, int number) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new DeclarationException(number, "is not '<change> : <reason>': '" + line + "'");
        }
        String what = matcher.group("what").replaceAll("\\s+", " ");
        String reason = matcher.group("reason") == null ? "" : matcher.group("reason").strip();
        if (what.startsWith("drop ")) {
            String path = what.substring("drop ".length());
            return new Declaration(Kind.DROP, "", path, "", "", false, reason, section, number);
        }
        if (owner == null) {
            throw new DeclarationException(number, "stands before any 'class' line");
        }
        Matcher hook = HOOK.matcher(what);
        if (hook.matches()) {
            Kind kind = Kind.valueOf(hook.group(1).toUpperCase(Locale.ROOT));
            String target = internalName(hook.group(3)) + "#" + hook.group(4);
            return method(kind, hook.group(2), target, reason, number);
        }
        Matcher redirect = REDIRECT.matcher(what);
        if (redirect.matches()) {
            String types = internalName(redirect.group(2)) + ">" + internalName(redirect.group(3));
            return method(Kind.REDIRECT, redirect.group(1), types, reason, number);
        }
        return opening(what.split(" "), reason, number, line);
    }

    private Declaration opening(String[] words, String reason, int number, String line) {
        String last = words[words.length - 1];
        switch (words[0] + "/" + words.length) {
            case "type/1":
                return of(Kind.TYPE, "", "", "", false, reason, number);
            case "field/2":
                return of(Kind.FIELD, last, "", "", false, reason, number);
            case "field/3":
                if (words[1].equals("volatile")) {
                    return of(Kind.FIELD, last, "", "", true, reason, number);
                }
                break;
            case "constructor/1":
                return method(Kind.CONSTRUCTOR, "<init>", "", reason, number);
            case "constructor/2":
                return method(Kind.CONSTRUCTOR, "<init>" + last, "", reason, number);
            case "method/2":
                return method(Kind.METHOD, last, "", reason, number);
            default:
                break;
        }
        throw new DeclarationException(number, "declares no known change: '" + line + "'");
    }

    private Declaration method(
            Kind kind, String signature, String argument, String reason, int number) {
        int parenthesis = signature.indexOf('(');
        String name = parenthesis < 0 ? signature : signature.substring(0, parenthesis);
        String descriptor = parenthesis < 0 ? "" : signature.substring(parenthesis);
        return of(kind, name, descriptor, argument, false, reason, number);
    }

    private Declaration of(
            Kind kind,
            String member,
            String descriptor,
            String argument,
            boolean makeVolatile,
            String reason,
            int number) {
        return new Declaration(
                kind, owner, member, descriptor, argument, makeVolatile, reason, section, number);
    }

    private static String internalName(String className) {
        return className.replace('.', '/');
    }
}
