# Which assemblies each step loads: starting the module does not cost what is not used.

BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/terminal.ps1
}

Describe 'The libraries of the module' {
    It 'are loaded when they are needed' {
        $file = New-UserFile
        $flow = New-UserFile
        Set-Content $flow 'users: {}'
        $script = @"
            `$WarningPreference = 'SilentlyContinue'
            function Show-Loaded([string] `$Step) {
                `$names = [AppDomain]::CurrentDomain.GetAssemblies().ForEach({ `$_.GetName().Name })
                "`${Step}: `$(`$names -match '^(PgEdgeUsers\.Core|YamlDotNet|BCrypt.*)$')"
            }
            Import-Module '$ModulePath';                                      Show-Loaded import
            `$null = Get-PgEdgeUser -Path '$file';                            Show-Loaded list
            Set-PgEdgeUser alice -Annotation 'on call' -Path '$file';         Show-Loaded edit
            `$null = Get-PgEdgeUser -Path '$flow';                            Show-Loaded 'list flow style'
            `$null = Set-PgEdgeUser alice -GeneratePassword -Path '$file';    Show-Loaded 'set a password'
"@
        $program, $arguments = $TerminalShell

        & $program $arguments -NoProfile -NonInteractive -Command $script | Should -Be @(
            'import: '
            'list: PgEdgeUsers.Core YamlDotNet'
            'edit: PgEdgeUsers.Core YamlDotNet'
            'list flow style: PgEdgeUsers.Core YamlDotNet'
            'set a password: PgEdgeUsers.Core YamlDotNet BCrypt-Net-Next'
        )
    }
}
