package io.jenkins.plugins.qwiet.lint;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/** A Jelly view or a help file, read as XML. */
record View(String text, Document xml) {
    static final String FORM = "/lib/form";
    private static final List<String> CONTROLS = List.of(FORM, "/lib/credentials");
    static final String STAPLER = "jelly:stapler";

    /** A control of a form that is bound to a property. */
    record Field(String control, String name) {}

    /** Another view that is taken in, with its class as a path. */
    record Include(String page, Path views) {}

    /**
     * @throws SAXException with what is not well-formed
     */
    static View parse(String text) throws SAXException {
        try {
            var factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new Strict());
            return new View(text, builder.parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))));
        } catch (ParserConfigurationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    List<Element> elements() {
        NodeList all = xml.getElementsByTagName("*");
        var elements = new ArrayList<Element>();
        for (int i = 0; i < all.getLength(); i++) {
            elements.add((Element) all.item(i));
        }
        return elements;
    }

    /** Those of {@code /lib/form} and Credentials, and views of this project that are one. What is in an entry without a field of its own has that of the entry. */
    List<Field> fields() {
        return elements().stream()
                .filter(element -> CONTROLS.contains(String.valueOf(element.getNamespaceURI()))
                        || element.getLocalName().equals("include"))
                .filter(element -> !element.getLocalName().equals("entry"))
                .filter(element -> !field(element).isEmpty())
                .map(element -> new Field(kind(element), field(element)))
                .toList();
    }

    /** What Credentials offers may come from a class of its own, which says what is to be chosen from. */
    private static String kind(Element control) {
        return FORM.equals(control.getNamespaceURI()) ? control.getLocalName() : "other";
    }

    private static String field(Element control) {
        if (control.hasAttribute("field")) {
            return control.getAttribute("field");
        }
        boolean direct = control.getParentNode() instanceof Element parent
                && FORM.equals(parent.getNamespaceURI())
                && "entry".equals(parent.getLocalName());
        return direct ? ((Element) control.getParentNode()).getAttribute("field") : "";
    }

    /** Of views of this project. */
    List<Include> includes() {
        return elements().stream()
                .filter(element -> STAPLER.equals(element.getNamespaceURI()))
                .filter(element -> element.getLocalName().equals("include"))
                .filter(element -> element.getAttribute("class").startsWith("io.jenkins.plugins.qwiet."))
                .map(element -> new Include(
                        element.getAttribute("page"),
                        Path.of(element.getAttribute("class").replace('.', '/').replace('$', '/'))))
                .toList();
    }

    private static final class Strict implements ErrorHandler {
        @Override
        public void warning(SAXParseException e) throws SAXException {
            throw e;
        }

        @Override
        public void error(SAXParseException e) throws SAXException {
            throw e;
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }
    }
}
