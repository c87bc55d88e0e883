package io.jenkins.plugins.qwiet.bind;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.CodeVisitorSupport;
import org.codehaus.groovy.ast.expr.ArgumentListExpression;
import org.codehaus.groovy.ast.expr.ClosureExpression;
import org.codehaus.groovy.ast.expr.ConstantExpression;
import org.codehaus.groovy.ast.expr.Expression;
import org.codehaus.groovy.ast.expr.GStringExpression;
import org.codehaus.groovy.ast.expr.ListExpression;
import org.codehaus.groovy.ast.expr.MapEntryExpression;
import org.codehaus.groovy.ast.expr.MapExpression;
import org.codehaus.groovy.ast.expr.MethodCallExpression;
import org.codehaus.groovy.ast.expr.TupleExpression;
import org.codehaus.groovy.classgen.GeneratorContext;
import org.codehaus.groovy.control.CompilePhase;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.control.customizers.CompilationCustomizer;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.jenkinsci.plugins.workflow.cps.CpsFlowExecution;
import org.jenkinsci.plugins.workflow.cps.GroovyShellDecorator;

/**
 * Slips that Pipeline itself answers with a stack trace before a step is asked, or that a step could only see when it is
 * too late: Groovy runs {@code qwietCiToken} before it calls the {@code withCredentials} among whose bindings it stands.
 * They are found where a script is compiled, and become calls by which the step knows them ({@link Slips}).
 */
@OptionalExtension(requirePlugins = "workflow-cps")
public class SlipsInScripts extends GroovyShellDecorator {
    private static final String STEP = "qwietCiToken";
    private static final String BLOCK_STEP = "withQwietCiToken";

    @Override
    public void configureCompiler(@CheckForNull CpsFlowExecution context, CompilerConfiguration compiler) {
        compiler.addCompilationCustomizers(new Marking());
    }

    /** Libraries too. */
    @Override
    public GroovyShellDecorator forTrusted() {
        return this;
    }

    private static final class Marking extends CompilationCustomizer {
        Marking() {
            super(CompilePhase.CONVERSION);
        }

        @Override
        public void call(SourceUnit source, GeneratorContext context, ClassNode type) {
            if (type.getMethods(STEP).isEmpty() && type.getMethods(BLOCK_STEP).isEmpty()) {
                var calls = new Calls();
                type.getMethods().forEach(method -> {
                    if (method.getCode() != null) {
                        method.getCode().visit(calls);
                    }
                });
                if (type.getModule().getStatementBlock() != null && type.isScript()) {
                    type.getModule().getStatementBlock().visit(calls);
                }
            }
        }
    }

    private static final class Calls extends CodeVisitorSupport {
        /** Declarative reads what stands there itself, and allows the step without a block among its options. */
        private boolean declarative;

        @Override
        public void visitMethodCallExpression(MethodCallExpression call) {
            String name = call.isImplicitThis() ? call.getMethodAsString() : null;
            List<Expression> arguments =
                    call.getArguments() instanceof TupleExpression all ? all.getExpressions() : List.of();
            if ("withCredentials".equals(name)) {
                bindings(arguments).forEach(Calls::markBinding);
            } else if (STEP.equals(name) && hasBlock(arguments)) {
                // Beside other arguments Pipeline would not even ask the step.
                call.setArguments(new ArgumentListExpression(List.of(arguments.get(arguments.size() - 1))));
            } else if (BLOCK_STEP.equals(name) && !declarative && canHaveNoBlock(arguments)) {
                mark(call, Slips.WITHOUT_BLOCK);
            }
            boolean outside = declarative;
            declarative = "pipeline".equals(name) && hasBlock(arguments) || declarative && !"script".equals(name);
            super.visitMethodCallExpression(call);
            declarative = outside;
        }

        private static List<Expression> bindings(List<Expression> arguments) {
            return !arguments.isEmpty() && arguments.get(0) instanceof ListExpression list
                    ? list.getExpressions()
                    : List.of();
        }

        private static void markBinding(Expression binding) {
            if (binding instanceof MethodCallExpression call
                    && call.isImplicitThis()
                    && List.of(STEP, BLOCK_STEP).contains(String.valueOf(call.getMethodAsString()))) {
                mark(call, Slips.AS_BINDING);
            }
        }

        private static boolean hasBlock(List<Expression> arguments) {
            return !arguments.isEmpty() && arguments.get(arguments.size() - 1) instanceof ClosureExpression;
        }

        /** A block may also stand in a variable. */
        private static boolean canHaveNoBlock(List<Expression> arguments) {
            return arguments.stream()
                    .allMatch(argument -> argument instanceof MapExpression
                            || argument instanceof ConstantExpression
                            || argument instanceof GStringExpression);
        }

        private static void mark(MethodCallExpression call, String slip) {
            var step = new ConstantExpression(STEP);
            step.setSourcePosition(call.getMethod());
            call.setMethod(step);
            var marked = new MapEntryExpression(new ConstantExpression(slip), new ConstantExpression(true));
            call.setArguments(new ArgumentListExpression(List.of(new MapExpression(List.of(marked)))));
        }
    }
}
