# What the cmdlets that change accounts say about the sessions of a running server, which they cannot end.

BeforeAll {
    . $PSScriptRoot/common.ps1
    $new = New-Secret $Passwords.new
}

Describe 'The sessions of a running server' {
    BeforeEach {
        $file = New-UserFile
        $second = New-UserFile
    }

    It 'are warned of once: <Command>' -ForEach @(
        @{ Command = { Disable-PgEdgeUser alice -Path $file }; Words = 'enabling the user within that time revives it' }
        @{ Command = { 'alice', 'bob' | Disable-PgEdgeUser -Path $file }; Words = 'Restart the server to end it' }
        @{ Command = { Disable-PgEdgeUser * -Path $file }; Words = 'Restart the server to end it' }
        @{ Command = { Remove-PgEdgeUser alice, bob -Confirm:$false -Path $file }; Words = 'restart it' }
        @{ Command = { Set-PgEdgeUser alice, bob -Password $new -Path $file }; Words = 'opened with the old password' }
        @{ Command = { $file, $second | ForEach-Object { [pscustomobject]@{ Username = 'alice'; Path = $_ } } | Disable-PgEdgeUser }; Words = 'Restart the server to end it' }
    ) {
        $warnings = (Invoke-Script $Command).Warnings

        $warnings | Should -HaveCount 1
        $warnings | Should -Match $Words
    }

    It 'are not mentioned where none is concerned: <_>' -ForEach @(
        { New-PgEdgeUser dora -Password $new -Path $file }
        { Enable-PgEdgeUser charlie -Path $file }
        { Set-PgEdgeUser alice -Annotation 'On leave' -Path $file }
        { Disable-PgEdgeUser charlie -Path $file }
        { Remove-PgEdgeUser alice -WhatIf -Path $file }
    ) {
        $result = Invoke-Script $_

        $result.Errors | Should -BeNullOrEmpty
        $result.Warnings | Should -BeNullOrEmpty
    }
}
