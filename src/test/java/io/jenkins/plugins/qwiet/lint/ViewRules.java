package io.jenkins.plugins.qwiet.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.Text;
import org.xml.sax.SAXException;

/** What may be wrong with a view by itself. Each method answers sentences, none if all is well. */
final class ViewRules {
    static final String FIRST_LINE = "<?jelly escape-by-default='true'?>";

    private static final Set<String> READ_BY_PEOPLE = Set.of(
            "title",
            "placeholder",
            "progress",
            "description",
            "tooltip",
            "alt",
            "text",
            "label",
            "checkMessage",
            "aria-label");
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{[^}]*}");
    /** Jelly takes what is in parentheses after the key of a text for its arguments; a key alone has no spaces. */
    private static final Pattern LOST = Pattern.compile("\\$\\{%[^}(]*\\s[^}(]*(\\([^}]*)}");

    private static final Pattern WORD = Pattern.compile("\\p{L}{2,}");
    /** Names of variables, numbers and addresses are the same in each language. */
    private static final Pattern SAME_EVERYWHERE = Pattern.compile("[A-Z0-9_]+|https?://\\S+");

    private ViewRules() {}

    /** Of a Jelly file. */
    static List<String> jelly(String text) {
        var problems = new ArrayList<String>();
        if (!text.startsWith(FIRST_LINE + "\n")) {
            problems.add("The first line is not " + FIRST_LINE);
        }
        try {
            View view = View.parse(text);
            for (Element element : view.elements()) {
                problems.addAll(inert(element));
                problems.addAll(translatable(element));
                problems.addAll(secret(element));
                problems.addAll(asksInTheAddress(element));
            }
        } catch (SAXException e) {
            problems.add("Not well-formed: " + e.getMessage());
        }
        return problems;
    }

    /** Of a help file. */
    static List<String> help(String text) {
        var problems = new ArrayList<String>();
        try {
            View view = View.parse(text);
            if (!view.xml().getDocumentElement().getTagName().equals("div")) {
                problems.add("Not one <div>");
            }
            if (view.xml().getDocumentElement().getTextContent().isBlank()) {
                problems.add("No help in it");
            }
            view.elements().forEach(element -> problems.addAll(inert(element)));
        } catch (SAXException e) {
            problems.add("Not well-formed: " + e.getMessage());
        }
        return problems;
    }

    /** Of a script file. */
    static List<String> script(String text) {
        return List.of("eval(", "new Function", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write")
                .stream()
                .filter(text::contains)
                .map(found -> "A script may not use " + found)
                .toList();
    }

    /** Jenkins' Content-Security-Policy lets nothing run that stands in the page itself. */
    private static List<String> inert(Element element) {
        var problems = new ArrayList<String>();
        String name = element.getLocalName();
        if (name.equals("script")
                && (!element.hasAttribute("src") || !element.getTextContent().isBlank())) {
            problems.add("A script in the page");
        }
        if (name.equals("style")) {
            problems.add("A style in the page");
        }
        if (name.equals("out") && "jelly:core".equals(element.getNamespaceURI())) {
            problems.add("j:out prints without escaping");
        }
        for (Attr attribute : attributes(element)) {
            String attributeName = attribute.getName().toLowerCase(Locale.ROOT);
            if (attributeName.matches("on[a-z]+")) {
                problems.add("A handler in the page: " + attribute.getName());
            }
            if (attributeName.equals("style")) {
                problems.add("A style in the page, as an attribute");
            }
            if (attribute.getValue().trim().toLowerCase(Locale.ROOT).startsWith("javascript:")) {
                problems.add("A script in the page, as an address");
            }
        }
        return problems;
    }

    private static List<String> translatable(Element element) {
        var problems = new ArrayList<String>();
        for (Attr attribute : attributes(element)) {
            if (READ_BY_PEOPLE.contains(attribute.getName()) && readsAsText(attribute.getValue())) {
                problems.add("Text that cannot be translated: " + attribute.getValue());
            }
            problems.addAll(lost(attribute.getValue()));
        }
        if (element.getLocalName().equals("script") || element.getLocalName().equals("style")) {
            return problems;
        }
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Text text && readsAsText(text.getData())) {
                problems.add("Text that cannot be translated: " + text.getData().strip());
            }
            if (child instanceof Text text) {
                problems.addAll(lost(text.getData()));
            }
        }
        return problems;
    }

    private static List<String> lost(String text) {
        return LOST.matcher(text)
                .results()
                .map(found -> "Text that would not be shown: " + found.group(1))
                .toList();
    }

    private static boolean readsAsText(String text) {
        String literal = EXPRESSION.matcher(text).replaceAll("").strip();
        return WORD.matcher(literal).find() && !SAME_EVERYWHERE.matcher(literal).matches();
    }

    private static List<String> secret(Element element) {
        boolean password = View.FORM.equals(element.getNamespaceURI())
                && element.getLocalName().equals("password");
        return password && !Set.of("off", "new-password").contains(element.getAttribute("autocomplete"))
                ? List.of("A secret that a browser may fill in: it needs autocomplete=\"off\"")
                : List.of();
    }

    /** Jenkins puts its crumb into each form, and so into the address of one that only asks. */
    private static List<String> asksInTheAddress(Element element) {
        boolean asks = element.getLocalName().equals("form")
                && !element.getAttribute("method").equalsIgnoreCase("post");
        boolean clean = element.getNamespaceURI() == null
                && element.getAttribute("class").matches("(.* )?no-json( .*)?");
        return asks && !clean
                ? List.of(
                        "A form that asks, with Jenkins' crumb in the address: OpenTokens.js leaves it out for no-json")
                : List.of();
    }

    private static List<Attr> attributes(Element element) {
        var attributes = new ArrayList<Attr>();
        for (int i = 0; i < element.getAttributes().getLength(); i++) {
            attributes.add((Attr) element.getAttributes().item(i));
        }
        return attributes;
    }
}
