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
 * # comment; "## title" opens a section of the generated page
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

    private static final Pattern LINE = Pattern.compile("^(?<what>.+?)\\s+:\\s+(?<reason>\\S.*)$");
    private static final Pattern HOOK = Pattern.compile("(enter|intercept|exit) (\\S+) -> (\\S+)#(\\S+)");
    private static final Pattern REDIRECT =
            Pattern.compile("redirect (\\S+) new (\\S+) -> (\\S+)");

    private DeclarationFile() {}

    /** Parses the file; the first malformed line stops with its number. */
    public static List<Declaration> read(Path file) throws IOException {
        return parse(Files.readAllLines(file));
    }

    static List<Declaration> parse(List<String> lines) {
        List<Declaration> declarations = new ArrayList<>();
        String owner = null;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("class ")) {
                owner = internalName(line.substring("class ".length()).strip());
                continue;
            }
            declarations.add(parseMember(owner, line, i + 1));
        }
        return List.copyOf(declarations);
    }

    private static Declaration parseMember(String owner, String line, int number) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new DeclarationException(
                    number, "is not '<change> : <reason>': '" + line + "'");
        }
        String what = matcher.group("what").replaceAll("\\s+", " ");
        String reason = matcher.group("reason").strip();
        if (what.startsWith("drop ")) {
            String path = what.substring("drop ".length());
            return new Declaration(Kind.DROP, "", path, "", "", false, reason, number);
        }
        if (owner == null) {
            throw new DeclarationException(number, "stands before any 'class' line");
        }
        if (what.equals("type")) {
            return new Declaration(Kind.TYPE, owner, "", "", "", false, reason, number);
        }
        if (what.startsWith("field volatile ")) {
            String name = what.substring("field volatile ".length());
            return new Declaration(Kind.FIELD, owner, name, "", "", true, reason, number);
        }
        if (what.startsWith("field ")) {
            String name = what.substring("field ".length());
            return new Declaration(Kind.FIELD, owner, name, "", "", false, reason, number);
        }
        if (what.equals("constructor") || what.startsWith("constructor ")) {
            String descriptor = what.substring("constructor".length()).strip();
            return new Declaration(
                    Kind.CONSTRUCTOR, owner, "<init>", descriptor, "", false, reason, number);
        }
        if (what.startsWith("method ")) {
            return method(Kind.METHOD, owner, what.substring("method ".length()), "", reason, number);
        }
        Matcher hook = HOOK.matcher(what);
        if (hook.matches()) {
            Kind kind = Kind.valueOf(hook.group(1).toUpperCase(Locale.ROOT));
            String target = internalName(hook.group(3)) + "#" + hook.group(4);
            return method(kind, owner, hook.group(2), target, reason, number);
        }
        Matcher redirect = REDIRECT.matcher(what);
        if (redirect.matches()) {
            String types = internalName(redirect.group(2)) + ">" + internalName(redirect.group(3));
            return method(Kind.REDIRECT, owner, redirect.group(1), types, reason, number);
        }
        throw new DeclarationException(number, "declares no known change: '" + line + "'");
    }

    private static Declaration method(
            Kind kind, String owner, String signature, String argument, String reason, int line) {
        int parenthesis = signature.indexOf('(');
        String name = parenthesis < 0 ? signature : signature.substring(0, parenthesis);
        String descriptor = parenthesis < 0 ? "" : signature.substring(parenthesis);
        return new Declaration(kind, owner, name, descriptor, argument, false, reason, line);
    }

    private static String internalName(String className) {
        return className.replace('.', '/');
    }
}
