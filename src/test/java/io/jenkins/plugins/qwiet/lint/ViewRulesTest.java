package io.jenkins.plugins.qwiet.lint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A lint that finds nothing in what is wrong would look just like one that finds nothing wrong. */
class ViewRulesTest {
    private static String view(String body) {
        return ViewRules.FIRST_LINE + "\n<j:jelly xmlns:j='jelly:core' xmlns:f='/lib/form'>" + body + "</j:jelly>";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            <p>                                                | Not well-formed
            <script>run()</script>                             | A script in the page
            <style>p {}</style>                                | A style in the page
            <p style='color: red'/>                            | A style in the page
            <f:checkbox onclick='run()'/>                      | A handler in the page
            <a href=' JavaScript:run()'/>                      | A script in the page
            <j:out value='${it.label}'/>                       | prints without escaping
            <f:entry title='Label'/>                           | cannot be translated: Label
            <p>${%Label} of it</p>                             | cannot be translated: ${%Label} of it
            <f:textbox placeholder='the default'/>             | cannot be translated: the default
            <f:entry title='${%Valid for (seconds)}'/>         | would not be shown: (seconds)
            <f:password field='token'/>                        | needs autocomplete
            <form action='.'/>                                 | with Jenkins' crumb in the address
            <form method='get' class='no-jsonp'/>              | with Jenkins' crumb in the address
            <f:form method='get' class='no-json'/>             | with Jenkins' crumb in the address
            """)
    void findsWhatIsWrong(String body, String problem) {
        assertThat(ViewRules.jelly(view(body))).singleElement().asString().contains(problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            <f:entry title='${%Label}' field='label'><f:textbox/></f:entry>
            <f:textbox placeholder='SHIFTLEFT_ACCESS_TOKEN'/>
            <f:number placeholder='3600'/>
            <p>${%showing(page.from, page.to)}</p>
            <f:textbox placeholder='https://app.shiftleft.io/api/v4'/>
            <f:password field='token' autocomplete='off'/>
            <script src='${resURL}/x.js'/>
            <form method='post' action='sweep'/>
            <form method='get' class='qwiet no-json'/>
            <p>${it.label}: ${it.count} / ${it.total}</p>
            """)
    void letsTheRestPass(String body) {
        assertThat(ViewRules.jelly(view(body))).isEmpty();
    }

    @Test
    void wantsTheEscapingSwitchedOn() {
        assertThat(ViewRules.jelly("<p/>")).singleElement().asString().contains("first line");
    }

    @Test
    void wantsHelpToBeInertAndNotEmpty() {
        assertThat(ViewRules.help("<div>How long.</div>")).isEmpty();
        assertThat(ViewRules.help("<div> </div>")).containsExactly("No help in it");
        assertThat(ViewRules.help("<p>How long.</p>")).containsExactly("Not one <div>");
        assertThat(ViewRules.help("<div>How<br>long.</div>"))
                .singleElement()
                .asString()
                .startsWith("Not well-formed");
        assertThat(ViewRules.help("<div onclick='x()'>How long.</div>"))
                .containsExactly("A handler in the page: onclick");
    }

    @Test
    void wantsScriptsThatCannotMakeScripts() {
        assertThat(ViewRules.script("cell.textContent = label;")).isEmpty();
        assertThat(ViewRules.script("cell.innerHTML = label;")).containsExactly("A script may not use innerHTML");
    }
}
